import { unwrapResolverError } from "@apollo/server/errors";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { isOverload, Unavailable } from "../../database/database-errors.ts";
import { Locale } from "../../locale.ts";
import { limitTexts } from "../limits/limit-texts.ts";
import { errorTexts } from "./error-texts.ts";
import { ClientError, overLimit, overloaded } from "./errors.ts";

/** What a client reads of an error; `requestId` finds a fault of ours in the log. */
export interface Reader {
  locale: Locale;
  requestId: string | null;
}

/** Apollo Server's codes for what cannot be run: its messages speak of the client's own document only. */
const codesOfApollo = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_REQUEST",
  "BAD_USER_INPUT",
]);

/** What the parser, the validation rules and the estimate of the cost say when a document is over their limits. */
const limitMessages = [
  { message: /more (than|that) \d+ tokens/, text: limitTexts.tokens },
  { message: /^Syntax Error: Query depth limit of \d+ exceeded/, text: limitTexts.depth },
  { message: /^Syntax Error: Aliases limit of \d+ exceeded/, text: limitTexts.aliases },
  { message: /^Query exceeds the maximum allowed number of nodes|^Validation aborted\.$/, text: limitTexts.cost },
];

/**
 * Makes any error safe for clients: what is meant for them in their language, what Apollo Server says of a document,
 * and for everything else no more than a request id.
 */
export function toPublicError(error: unknown, formatted: GraphQLFormattedError, reader: Reader): GraphQLFormattedError {
  const place = { locations: formatted.locations, path: formatted.path };
  const client = asClientError(error);
  if (client) {
    const { retryAfterMs, fields } = client.detail;
    return {
      message: client.text[reader.locale],
      ...place,
      extensions: {
        code: client.code,
        ...(retryAfterMs !== undefined && { retryAfterMs }),
        ...(fields && { fields: fields.map(({ path, text }) => ({ path, message: text[reader.locale] })) }),
      },
    };
  }
  const code = formatted.extensions?.code;
  if (typeof code === "string" && codesOfApollo.has(code)) {
    return { message: formatted.message, ...place, extensions: { code } };
  }
  return {
    message: errorTexts.INTERNAL_SERVER_ERROR[reader.locale],
    ...place,
    extensions: { code: "INTERNAL_SERVER_ERROR", ...(reader.requestId && { requestId: reader.requestId }) },
  };
}

/** Whether an error is a fault of ours, which the log has to tell. */
export function isInternal(error: unknown, formatted: GraphQLFormattedError): boolean {
  return (
    toPublicError(error, formatted, { locale: Locale.EN, requestId: null }).extensions?.code === "INTERNAL_SERVER_ERROR"
  );
}

function asClientError(error: unknown): ClientError | null {
  const original = originalOf(error);
  if (original instanceof ClientError) return original;
  if (original instanceof Unavailable) return overloaded(original.retryAfterMs ?? 0);
  if (isOverload(original)) return overloaded();
  const limit = original instanceof GraphQLError && limitMessages.find(({ message }) => message.test(original.message));
  return limit ? overLimit(limit.text) : null;
}

function originalOf(error: unknown): unknown {
  let current = unwrapResolverError(error);
  while (!(current instanceof ClientError) && current instanceof GraphQLError && current.originalError) {
    current = current.originalError;
  }
  return current;
}
