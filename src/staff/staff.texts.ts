import { errorTexts } from "../platform/graphql/errors/error-texts.ts";
import type { LocalizedText } from "../platform/locale.ts";
import { seminarTexts } from "../seminars/seminar.texts.ts";

/** Why staff are refused. Unlike those of the other mutations these speak of somebody else, not of the viewer. */
export const staffTexts = {
  NOT_FOUND: errorTexts.NOT_FOUND,
  NOT_SCHEDULED: seminarTexts.NOT_SCHEDULED,
  MISSING_PROFILE: { EN: "The user has no participant profile.", KO: "참여자 프로필이 없는 사용자입니다." },
  NOT_ACCEPTED: { EN: "The user is not accepted as a participant.", KO: "참여자로 승인되지 않은 사용자입니다." },
  ALREADY_JOINED: { EN: "The user is in the seminar already.", KO: "이미 세미나에 참여 중인 사용자입니다." },
  ALREADY_DROPPED: { EN: "The enrollment is dropped already.", KO: "이미 중도 포기한 신청입니다." },
  ALREADY_LEADING: { EN: "The user leads another seminar.", KO: "다른 세미나를 진행 중인 사용자입니다." },
  SEMINAR_FULL: {
    EN: "No seat is free, or others wait for it.",
    KO: "남은 자리가 없거나 먼저 기다리는 사람이 있습니다.",
  },
  INSTRUCTOR_CANNOT_DROP: { EN: "An instructor cannot be dropped.", KO: "진행자는 포기 처리할 수 없습니다." },
  NOT_DROPPED: { EN: "The enrollment is not dropped.", KO: "중도 포기한 신청이 아닙니다." },
  NOT_FAILED: { EN: "The job has not failed.", KO: "실패한 작업이 아닙니다." },
  LAST_ADMIN: { EN: "The last active ADMIN has to stay one.", KO: "마지막 관리자는 남아 있어야 합니다." },
} satisfies Record<string, LocalizedText>;
