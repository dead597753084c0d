import { GraphQLError } from "graphql";
import type { LocalizedText } from "../../locale.ts";
import { errorTexts } from "./error-texts.ts";

/** The codes of top-level errors; what the rules of the interface foresee is a value of a union instead. */
export type ErrorCode = keyof typeof errorTexts;

/** One value that was refused: where it stands in the arguments of the field, and why. */
export interface FieldFault {
  path: (string | number)[];
  text: LocalizedText;
}

/** An error that is meant for the client. Its text is put into the viewer's language when the answer is written. */
export class ClientError extends GraphQLError {
  constructor(
    readonly code: ErrorCode,
    readonly text: LocalizedText,
    readonly detail: { retryAfterMs?: number; fields?: FieldFault[] } = {},
  ) {
    super(text.EN, { extensions: { code } });
  }
}

export function unauthenticated(): ClientError {
  return new ClientError("UNAUTHENTICATED", errorTexts.UNAUTHENTICATED);
}

export function forbidden(): ClientError {
  return new ClientError("FORBIDDEN", errorTexts.FORBIDDEN);
}

export function notFound(): ClientError {
  return new ClientError("NOT_FOUND", errorTexts.NOT_FOUND);
}

export function badUserInput(fields: FieldFault[]): ClientError {
  return new ClientError("BAD_USER_INPUT", errorTexts.BAD_USER_INPUT, { fields });
}

/** @param text which limit it was, such as the depth of a document */
export function overLimit(text: LocalizedText): ClientError {
  return new ClientError("BAD_USER_INPUT", text);
}

export function rateLimited(retryAfterMs: number): ClientError {
  return new ClientError("RATE_LIMITED", errorTexts.RATE_LIMITED, { retryAfterMs });
}

/** @param soonestMs the time before which nothing will be different */
export function overloaded(soonestMs = 0): ClientError {
  return new ClientError("OVERLOADED", errorTexts.OVERLOADED, { retryAfterMs: spreadRetry(soonestMs) });
}

const minRetryMs = 1_000;
const maxRetryMs = 30_000;

/** At random between that time and twice as much, so that those who were turned away together do not come back together. */
function spreadRetry(soonestMs: number): number {
  const soonest = Math.min(Math.max(soonestMs, minRetryMs), maxRetryMs);
  return Math.floor(soonest * (1 + Math.random()));
}
