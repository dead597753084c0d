import type { LocalizedText } from "../../locale.ts";

/** What a value of each scalar has to look like. */
const byType: Readonly<Record<string, LocalizedText>> = {
  String: { EN: "Must be text.", KO: "문자열이어야 합니다." },
  ID: { EN: "Must be an id.", KO: "ID여야 합니다." },
  Int: { EN: "Must be a whole number.", KO: "정수여야 합니다." },
  Boolean: { EN: "Must be true or false.", KO: "true 또는 false여야 합니다." },
  PositiveInt: { EN: "Must be a whole number above 0.", KO: "0보다 큰 정수여야 합니다." },
  NonNegativeInt: { EN: "Must be a whole number, 0 or above.", KO: "0 이상의 정수여야 합니다." },
  EmailAddress: { EN: "Must be an e-mail address.", KO: "이메일 주소여야 합니다." },
  LocalTime: { EN: "Must be a time such as 18:30.", KO: "18:30과 같은 시각이어야 합니다." },
  LocalDate: { EN: "Must be a day such as 2026-12-24.", KO: "2026-12-24와 같은 날짜여야 합니다." },
  DateTime: {
    EN: "Must be an instant such as 2026-12-24T12:00:00+09:00.",
    KO: "2026-12-24T12:00:00+09:00과 같은 시각이어야 합니다.",
  },
};

function oneOf(names: readonly string[]): LocalizedText {
  return { EN: `Must be one of ${names.join(", ")}.`, KO: `${names.join(", ")} 중 하나여야 합니다.` };
}

export const valueTexts = { byType, oneOf };
