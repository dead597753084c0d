import type { GraphQLRequestContext } from "@apollo/server";
import Negotiator from "negotiator";
import type { Context } from "./context.ts";

const json = "application/json; charset=utf-8";
const graphqlJson = "application/graphql-response+json; charset=utf-8";

/** Codes of a request that is whole as HTTP but whose document cannot be run. */
const requestErrors = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "BAD_USER_INPUT",
]);

/**
 * Sets the media type and the status as the GraphQL-over-HTTP draft says: under `application/json` a document that
 * cannot be run is answered 200, under `application/graphql-response+json` 400. Whoever accepts neither gets JSON, since
 * a mutation would have been carried out before it could be refused. What is over a limit stays a bad request, and
 * what the database had no time for before it began is 503. Nothing may be cached: answers are for one viewer.
 */
export function settleResponseHead({ request, response }: GraphQLRequestContext<Context>): void {
  if (response.body?.kind !== "single") return;
  const accept = request.http?.headers.get("accept");
  const mediaType = new Negotiator({ headers: { accept } }).mediaType([json, graphqlJson]) ?? json;
  response.http.headers.set("content-type", mediaType);
  response.http.headers.set("cache-control", "no-store");

  const { errors = [] } = response.body.singleResult;
  if (response.http.status === 500 && errors.every(({ extensions }) => extensions?.code === "OVERLOADED")) {
    response.http.status = 503;
  }
  const isOverLimit = errors.some(({ extensions }) => extensions?.code === "BAD_USER_INPUT" && !extensions.fields);
  const isRequestError =
    errors.length > 0 && errors.every(({ extensions }) => requestErrors.has(`${extensions?.code}`));
  if (mediaType === json && response.http.status === 400 && isRequestError && !isOverLimit) response.http.status = 200;
}
