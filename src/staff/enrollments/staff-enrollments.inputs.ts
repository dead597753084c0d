import { Field, ID, InputType } from "type-graphql";

@InputType({ description: "Whom to give seats in which seminar." })
export class EnrollParticipantsInput {
  @Field(() => ID, { description: "The id of the seminar." })
  seminarId!: string;

  @Field(() => [ID], { description: "Up to 500 ids of users; they are enrolled in this order while seats are free." })
  userIds!: string[];
}

@InputType({ description: "Which enrollments to drop." })
export class DropEnrollmentsInput {
  @Field(() => [ID], { description: "Up to 500 ids of enrollments." })
  enrollmentIds!: string[];
}

@InputType({ description: "Which dropped enrollments to reinstate." })
export class ReinstateEnrollmentsInput {
  @Field(() => [ID], { description: "Up to 500 ids of enrollments." })
  enrollmentIds!: string[];
}
