import { z } from "zod";
import type { LocalizedText } from "../../locale.ts";
import { badUserInput } from "../errors/errors.ts";

/**
 * Checks the values of an argument by its rules; GraphQL has checked the types before.
 * @param argument the name of the argument, the first step of each fault's path
 * @throws BAD_USER_INPUT with every fault at once
 */
export function parseInput<S extends z.ZodType>(rules: S, input: unknown, argument = "input"): z.output<S> {
  const parsed = rules.safeParse(input);
  if (parsed.success) return parsed.data;
  throw badUserInput(
    parsed.error.issues.map((issue) => ({
      path: [argument, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))],
      text: textOf(issue),
    })),
  );
}

/** The options of a zod check that says its fault in every language. */
export function fault(text: LocalizedText) {
  return { params: { text }, abort: true };
}

function textOf(issue: z.core.$ZodIssue): LocalizedText {
  return (issue.code === "custom" && (issue.params?.text as LocalizedText | undefined)) || inputTexts.invalid;
}

export const inputTexts = {
  invalid: { EN: "This value is not valid.", KO: "올바르지 않은 값입니다." },
  date: { EN: "A day from the year 1 to 9999.", KO: "1년부터 9999년까지의 날짜여야 합니다." },
  required: { EN: "This is required.", KO: "필수 항목입니다." },
  unreadable: {
    EN: "The text has characters that cannot be stored.",
    KO: "저장할 수 없는 문자가 들어 있습니다.",
  },
} satisfies Record<string, LocalizedText>;

/** Text of `min` to `max` code points that PostgreSQL can store: no NUL, no half of a surrogate pair. */
export function text(min: number, max: number) {
  return z
    .string()
    .refine(isStorable, fault(inputTexts.unreadable))
    .refine((value) => isBetween([...value].length, min, max), fault(lengthText(min, max)));
}

/** As `text`, without the white space around it, which does not count. */
export function trimmedText(min: number, max: number) {
  return z
    .string()
    .trim()
    .refine(isStorable, fault(inputTexts.unreadable))
    .refine((value) => isBetween([...value].length, min, max), fault(lengthText(min, max)));
}

export function integer(min: number, max: number) {
  return z
    .number()
    .refine((value) => Number.isInteger(value) && isBetween(value, min, max), fault(rangeText(min, max)));
}

/** An instant that PostgreSQL can store and everybody can write. */
export const instant = z.date().refine((value) => isBetween(value.getUTCFullYear(), 1, 9999), fault(inputTexts.date));

/** What may be left out but not be cleared: null is refused. */
export function changeable<S extends z.ZodType>(rules: S) {
  return z
    .unknown()
    .refine((value) => value !== null, fault(inputTexts.required))
    .pipe(rules as z.ZodType<z.output<S>, NonNullable<unknown> | undefined>)
    .optional();
}

/** Whether PostgreSQL can store the text. */
export function isStorable(value: string): boolean {
  return !value.includes("\0") && value.isWellFormed();
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

function lengthText(min: number, max: number): LocalizedText {
  return min === 0
    ? { EN: `At most ${max} characters.`, KO: `${max}자 이하여야 합니다.` }
    : { EN: `${min} to ${max} characters.`, KO: `${min}자 이상 ${max}자 이하여야 합니다.` };
}

function rangeText(min: number, max: number): LocalizedText {
  return { EN: `A whole number from ${min} to ${max}.`, KO: `${min} 이상 ${max} 이하의 정수여야 합니다.` };
}
