import type { LocalizedText } from "../../locale.ts";

export const idempotencyTexts = {
  malformed: {
    EN: "An idempotency key has 1 to 255 printable ASCII characters.",
    KO: "멱등성 키는 1자 이상 255자 이하의 출력 가능한 ASCII 문자여야 합니다.",
  },
  severalFields: {
    EN: "With an idempotency key an operation has exactly one field, and no fragment, at its root.",
    KO: "멱등성 키를 쓰는 작업의 최상위에는 프래그먼트 없이 필드가 정확히 하나만 있어야 합니다.",
  },
  otherRequest: {
    EN: "This idempotency key came with another request before.",
    KO: "이 멱등성 키는 이미 다른 요청에 사용되었습니다.",
  },
  answerTooLarge: {
    EN: "The answer is too large to be kept for the idempotency key. Ask for fewer items or fields.",
    KO: "응답이 너무 커서 멱등성 키로 보관할 수 없습니다. 항목이나 필드를 줄여 주세요.",
  },
} satisfies Record<string, LocalizedText>;
