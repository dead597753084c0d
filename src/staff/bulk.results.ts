import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root, registerEnumType } from "type-graphql";
import type { Context } from "../platform/graphql/context.ts";
import type { LocalizedText } from "../platform/locale.ts";

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
registerEnumType(BulkRefusalCode, {
  name: "BulkRefusalCode",
  description: "Why one of several was refused.",
  valuesConfig: {
    NOT_FOUND: { description: "There is nothing with this id." },
    NOT_SCHEDULED: { description: "The seminar is cancelled or finished." },
    MISSING_PROFILE: { description: "The user has no participant profile." },
    NOT_ACCEPTED: { description: "The user is not accepted as a participant." },
    ALREADY_JOINED: { description: "The user is in the seminar already." },
    ALREADY_DROPPED: { description: "The enrollment is dropped already." },
    ALREADY_LEADING: { description: "The user leads another seminar." },
    SEMINAR_FULL: { description: "No seat is free, or others wait for it." },
    INSTRUCTOR_CANNOT_DROP: { description: "An instructor cannot be dropped." },
    NOT_DROPPED: { description: "The enrollment is not dropped." },
    NOT_FAILED: { description: "The job has not failed." },
    LAST_ADMIN: { description: "The last active ADMIN stays one." },
  },
});

const texts: Record<BulkRefusalCode, LocalizedText> = {
  NOT_FOUND: { EN: "There is nothing with this id.", KO: "이 ID에 해당하는 것이 없습니다." },
  NOT_SCHEDULED: { EN: "The seminar is cancelled or finished.", KO: "취소되었거나 이미 끝난 세미나입니다." },
  MISSING_PROFILE: { EN: "The user has no participant profile.", KO: "참여자 프로필이 없는 사용자입니다." },
  NOT_ACCEPTED: { EN: "The user is not accepted as a participant.", KO: "참여자로 승인되지 않은 사용자입니다." },
  ALREADY_JOINED: { EN: "The user is in the seminar already.", KO: "이미 세미나에 참여 중인 사용자입니다." },
  ALREADY_DROPPED: { EN: "The enrollment is dropped already.", KO: "이미 중도 포기한 신청입니다." },
  ALREADY_LEADING: { EN: "The user leads another seminar.", KO: "다른 세미나를 진행 중인 사용자입니다." },
  SEMINAR_FULL: { EN: "No seat is free.", KO: "남은 자리가 없습니다." },
  INSTRUCTOR_CANNOT_DROP: { EN: "An instructor cannot be dropped.", KO: "진행자는 포기 처리할 수 없습니다." },
  NOT_DROPPED: { EN: "The enrollment is not dropped.", KO: "중도 포기한 신청이 아닙니다." },
  NOT_FAILED: { EN: "The job has not failed.", KO: "실패한 작업이 아닙니다." },
  LAST_ADMIN: { EN: "The last active administrator has to stay.", KO: "마지막 관리자는 남아 있어야 합니다." },
};

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
    return texts[refusal.code][context.locale];
  }
}

@ObjectType({ description: "What became of each id.", simpleResolvers: true })
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
