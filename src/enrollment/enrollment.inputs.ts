import { Field, ID, InputType, registerEnumType } from "type-graphql";
import { EnrollmentRole } from "./enrollment.entity.ts";

export enum OnFull {
  REFUSE = "REFUSE",
  WAITLIST = "WAITLIST",
}
registerEnumType(OnFull, {
  name: "OnFull",
  description: "What to do when no seat is free.",
  valuesConfig: {
    REFUSE: { description: "Refuse with SEMINAR_FULL." },
    WAITLIST: { description: "Queue on the waiting list." },
  },
});

@InputType({ description: "Which seminar to join, and as what." })
export class JoinSeminarInput {
  @Field(() => ID, { description: "The id of the seminar." })
  seminarId!: string;

  @Field(() => EnrollmentRole, { defaultValue: EnrollmentRole.PARTICIPANT, description: "As what to join." })
  role!: EnrollmentRole;

  @Field(() => OnFull, { defaultValue: OnFull.REFUSE, description: "What to do when no seat is free." })
  onFull!: OnFull;
}

@InputType({ description: "Which seminar to drop." })
export class DropSeminarInput {
  @Field(() => ID, { description: "The id of the seminar." })
  seminarId!: string;
}
