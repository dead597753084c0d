import type { LocalizedText } from "../../locale.ts";

export const errorTexts = {
  UNAUTHENTICATED: { EN: "Please log in first.", KO: "먼저 로그인해 주세요." },
  FORBIDDEN: { EN: "You are not allowed to do this.", KO: "이 작업을 할 권한이 없습니다." },
  NOT_FOUND: { EN: "There is nothing with this id.", KO: "이 ID에 해당하는 것이 없습니다." },
  BAD_USER_INPUT: { EN: "Some of the values are not valid.", KO: "올바르지 않은 값이 있습니다." },
  RATE_LIMITED: {
    EN: "Too many attempts. Please wait a moment and try again.",
    KO: "시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.",
  },
  OVERLOADED: {
    EN: "The server is very busy. Please try again in a moment.",
    KO: "서버가 매우 붐빕니다. 잠시 후 다시 시도해 주세요.",
  },
  INTERNAL_SERVER_ERROR: {
    EN: "Something went wrong on our side. If it happens again, tell us the request id.",
    KO: "서버에 문제가 생겼습니다. 계속되면 요청 ID를 알려 주세요.",
  },
} satisfies Record<string, LocalizedText>;
