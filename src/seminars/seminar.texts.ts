import type { LocalizedText } from "../platform/locale.ts";

export const seminarTexts = {
  ALREADY_LEADING: { EN: "You are leading another seminar.", KO: "이미 진행하고 있는 세미나가 있습니다." },
  CAPACITY_BELOW_PARTICIPANTS: {
    EN: "More people take part than that.",
    KO: "이미 참여 중인 인원보다 정원을 적게 할 수 없습니다.",
  },
  NOT_SCHEDULED: {
    EN: "The seminar is cancelled or finished.",
    KO: "취소되었거나 이미 끝난 세미나입니다.",
  },
} satisfies Record<string, LocalizedText>;
