import { Field, ID, InputType } from "type-graphql";

@InputType({ description: "Which seminars to cancel." })
export class CancelSeminarsInput {
  @Field(() => [ID], { description: "The ids of up to 500 seminars." })
  seminarIds!: string[];
}
