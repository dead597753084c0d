import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root, registerEnumType } from "type-graphql";
import type { Context } from "../platform/graphql/server/context.ts";
import { staffTexts } from "./staff.texts.ts";

export enum BulkRefusalCode {
  NOT_FOUND = "NOT_FOUND",
  NOT_SCHEDULED = "NOT_SCHEDULED",
  MISSING_PROFILE = "MISSING_PROFILE",
  NOT_ACCEPTED = "NOT_ACCEPTED",
  ALREADY_JOINED = "ALREADY_JOINED",
  ALREADY_DROPPED = "ALREADY_DROPPED",
  ALREADY_LEADING = "ALREADY_LEADING",
  SEMINAR_FULL = "SEMINAR_FULL",
  INSTRUCTOR_CANNOT_DROP = "INSTRUCTOR_CANNOT_DROP",
  NOT_DROPPED = "NOT_DROPPED",
  NOT_FAILED = "NOT_FAILED",
  LAST_ADMIN = "LAST_ADMIN",
}
const codes = Object.values(BulkRefusalCode);
registerEnumType(BulkRefusalCode, {
  name: "BulkRefusalCode",
  description: "Why one of several was refused.",
  valuesConfig: Object.fromEntries(codes.map((code) => [code, { description: staffTexts[code].EN }])),
});

@ObjectType({ description: "One of several that was refused; the others are not affected.", simpleResolvers: true })
export class BulkRefusal {
  constructor(id: string, code: BulkRefusalCode) {
    this.id = id;
    this.code = code;
  }

  @Field(() => ID, { description: "The id as it was given." })
  readonly id: string;

  @Field(() => BulkRefusalCode, { description: "Why, for programs." })
  readonly code: BulkRefusalCode;
}

@Resolver(() => BulkRefusal)
export class BulkRefusalResolver {
  @FieldResolver(() => String, { description: "For people: Korean or English." })
  message(@Root() refusal: BulkRefusal, @Ctx() context: Context): string {
    return staffTexts[refusal.code][context.locale];
  }
}

@ObjectType({
  description:
    "What became of each id. Should the answer be OVERLOADED instead, some ids may have been done: sending all of them again is safe.",
  simpleResolvers: true,
})
export class BulkResult {
  constructor(succeededIds: string[], refused: BulkRefusal[]) {
    this.succeededIds = succeededIds;
    this.refused = refused;
  }

  @Field(() => [ID], { description: "The ids that were done, as they were given." })
  readonly succeededIds: string[];

  @Field(() => [BulkRefusal], { description: "The ids that were refused, each with its reason." })
  readonly refused: BulkRefusal[];
}
