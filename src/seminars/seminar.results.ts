import { createUnionType, Field, ObjectType, registerEnumType } from "type-graphql";
import { Seminar } from "../catalogue/seminar.entity.ts";
import { Refusal, refusalWith } from "../platform/graphql/errors/refusal.ts";
import { seminarTexts } from "./seminar.texts.ts";

@ObjectType()
abstract class WithSeminar {
  constructor(seminar: Seminar) {
    this.seminar = seminar;
  }

  @Field(() => Seminar, { description: "The seminar as it is now." })
  readonly seminar: Seminar;
}

export enum CreateSeminarRefusalCode {
  ALREADY_LEADING = "ALREADY_LEADING",
}
registerEnumType(CreateSeminarRefusalCode, {
  name: "CreateSeminarRefusalCode",
  description: "Why a seminar was not made.",
  valuesConfig: { ALREADY_LEADING: { description: "The viewer leads another seminar that is SCHEDULED." } },
});

@ObjectType({ description: "The seminar was made; the viewer is its first instructor (an EDITOR is not)." })
export class CreateSeminarSuccess extends WithSeminar {}

@ObjectType({ implements: Refusal, description: "No seminar was made." })
export class CreateSeminarRefusal extends refusalWith(CreateSeminarRefusalCode, seminarTexts) {}

export const CreateSeminarResult = createUnionType({
  name: "CreateSeminarResult",
  description: "The outcome of createSeminar.",
  types: () => [CreateSeminarSuccess, CreateSeminarRefusal] as const,
});

export enum UpdateSeminarRefusalCode {
  CAPACITY_BELOW_PARTICIPANTS = "CAPACITY_BELOW_PARTICIPANTS",
  NOT_SCHEDULED = "NOT_SCHEDULED",
}
registerEnumType(UpdateSeminarRefusalCode, {
  name: "UpdateSeminarRefusalCode",
  description: "Why a seminar was not changed.",
  valuesConfig: {
    CAPACITY_BELOW_PARTICIPANTS: { description: "More people take part than the new capacity." },
    NOT_SCHEDULED: { description: "The seminar is cancelled or finished." },
  },
});

@ObjectType({ description: "The seminar was changed." })
export class UpdateSeminarSuccess extends WithSeminar {}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class UpdateSeminarRefusal extends refusalWith(UpdateSeminarRefusalCode, seminarTexts) {}

export const UpdateSeminarResult = createUnionType({
  name: "UpdateSeminarResult",
  description: "The outcome of updateSeminar.",
  types: () => [UpdateSeminarSuccess, UpdateSeminarRefusal] as const,
});

export enum CancelSeminarRefusalCode {
  NOT_SCHEDULED = "NOT_SCHEDULED",
}
registerEnumType(CancelSeminarRefusalCode, {
  name: "CancelSeminarRefusalCode",
  description: "Why a seminar was not cancelled.",
  valuesConfig: { NOT_SCHEDULED: { description: "The seminar is cancelled or finished already." } },
});

@ObjectType({ description: "The seminar is cancelled. Its waiting list is gone, its enrollments stay." })
export class CancelSeminarSuccess extends WithSeminar {}

@ObjectType({ implements: Refusal, description: "Nothing was changed." })
export class CancelSeminarRefusal extends refusalWith(CancelSeminarRefusalCode, seminarTexts) {}

export const CancelSeminarResult = createUnionType({
  name: "CancelSeminarResult",
  description: "The outcome of cancelSeminar.",
  types: () => [CancelSeminarSuccess, CancelSeminarRefusal] as const,
});
