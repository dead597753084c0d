import { errorTexts } from "../graphql/errors/error-texts.ts";
import { limitTexts } from "../graphql/limits/limit-texts.ts";

interface HttpError {
  status: number;
  /** Whether it is a fault of ours, which the log has to tell. */
  isInternal: boolean;
  body(requestId: string): object;
}

/** The answer to a request that did not even reach the graph, in the form of a GraphQL answer. */
export function toHttpError(error: unknown): HttpError {
  const status = statusOf(error);
  if (status === 413) return refusal(status, limitTexts.body.EN, "BAD_USER_INPUT");
  if (status === 415) return refusal(status, "Send the request as application/json.", "BAD_REQUEST");
  if (status < 500) return refusal(status, "The request cannot be read.", "BAD_REQUEST");
  return {
    status: 500,
    isInternal: true,
    body: (requestId) => ({
      errors: [
        { message: errorTexts.INTERNAL_SERVER_ERROR.EN, extensions: { code: "INTERNAL_SERVER_ERROR", requestId } },
      ],
    }),
  };
}

function refusal(status: number, message: string, code: string): HttpError {
  return { status, isInternal: false, body: () => ({ errors: [{ message, extensions: { code } }] }) };
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" && status >= 400 ? status : 500;
}
