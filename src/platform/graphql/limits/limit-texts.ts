import type { LocalizedText } from "../../locale.ts";

export const limitTexts = {
  body: { EN: "The request is larger than 256 KiB.", KO: "요청이 256 KiB보다 큽니다." },
  tokens: { EN: "The document has more than 4,000 tokens.", KO: "문서의 토큰이 4,000개를 넘습니다." },
  depth: {
    EN: "The document has fields more than 12 levels deep.",
    KO: "문서의 필드가 12단계보다 깊습니다.",
  },
  aliases: { EN: "The operation has more than 30 aliases.", KO: "한 작업의 별칭이 30개를 넘습니다." },
  cost: {
    EN: "The operation asks for too much at once. Ask for fewer items or fields.",
    KO: "한 번에 너무 많은 것을 요청했습니다. 항목이나 필드를 줄여 주세요.",
  },
} satisfies Record<string, LocalizedText>;
