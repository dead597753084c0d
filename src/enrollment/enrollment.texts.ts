import type { LocalizedText } from "../platform/locale.ts";

export const enrollmentTexts = {
  NOT_OPEN_YET: { EN: "Registration has not opened yet.", KO: "아직 신청 기간이 아닙니다." },
  REGISTRATION_CLOSED: { EN: "Registration is closed.", KO: "신청이 마감되었습니다." },
  MISSING_PROFILE: {
    EN: "You need the profile of the role that you want to join as.",
    KO: "참여하려는 역할의 프로필이 필요합니다.",
  },
  NOT_ACCEPTED: { EN: "You have not been accepted as a participant.", KO: "아직 참여자로 승인되지 않았습니다." },
  ALREADY_JOINED: { EN: "You are in this seminar already.", KO: "이미 이 세미나에 신청했습니다." },
  ALREADY_DROPPED: {
    EN: "You dropped this seminar before, so you cannot join it again.",
    KO: "중도 포기한 세미나에는 다시 참여할 수 없습니다.",
  },
  ALREADY_LEADING: { EN: "You are leading another seminar.", KO: "이미 진행하고 있는 세미나가 있습니다." },
  SEMINAR_FULL: { EN: "All seats are taken.", KO: "남은 자리가 없습니다." },
  INSTRUCTOR_CANNOT_DROP: { EN: "An instructor cannot drop the seminar.", KO: "진행자는 세미나를 포기할 수 없습니다." },
} satisfies Record<string, LocalizedText>;
