import { z } from "zod";
import {
  changeable,
  fault,
  inputTexts,
  instant,
  integer,
  isStorable,
  text,
  trimmedText,
} from "../platform/graphql/input/input-rules.ts";
import type { LocalizedText } from "../platform/locale.ts";

const texts = {
  time: { EN: "Hours and minutes, such as 18:30.", KO: "18:30과 같이 시와 분으로 입력해 주세요." },
  closesAfterOpening: {
    EN: "Registration must close after it opens.",
    KO: "신청 마감은 신청 시작보다 늦어야 합니다.",
  },
} satisfies Record<string, LocalizedText>;

export const closesAfterOpeningText: LocalizedText = texts.closesAfterOpening;

const name = trimmedText(1, 100);
const capacity = integer(1, 100_000);
const sessionCount = integer(1, 1_000);
const time = z.string().refine((value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value), fault(texts.time));
const description = text(0, 5_000);
const startsOn = z
  .string()
  .refine((value) => isStorable(value) && /^(?!0000)\d{4}-/.test(value), fault(inputTexts.date));

interface Window {
  registrationOpensAt?: Date | null;
  registrationClosesAt?: Date | null;
}

/** Whether registration closes after it opens, as far as both are set (S1). */
export function closesAfterOpening({ registrationOpensAt, registrationClosesAt }: Window): boolean {
  return !registrationOpensAt || !registrationClosesAt || registrationClosesAt > registrationOpensAt;
}

const optionalFields = {
  description: description.nullish(),
  startsOn: startsOn.nullish(),
  registrationOpensAt: instant.nullish(),
  registrationClosesAt: instant.nullish(),
};

export const createSeminarRules = z
  .object({
    name,
    capacity,
    sessionCount,
    time,
    online: z
      .boolean()
      .nullish()
      .refine((value) => value !== null, fault(inputTexts.required)),
    ...optionalFields,
  })
  .superRefine((input, context) => {
    if (closesAfterOpening(input)) return;
    context.addIssue({ code: "custom", path: ["registrationClosesAt"], ...fault(texts.closesAfterOpening) });
  });

export const updateSeminarRules = z.object({
  name: changeable(name),
  capacity: changeable(capacity),
  sessionCount: changeable(sessionCount),
  time: changeable(time),
  online: changeable(z.boolean()),
  ...optionalFields,
});
