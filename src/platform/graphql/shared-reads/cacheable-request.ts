import type { HTTPGraphQLRequest } from "@apollo/server";
import { type GraphQLSchema, getOperationAST, parse } from "graphql";
import { LatelyUsed } from "../../lately-used.ts";
import { documentLimits } from "../limits/limits.ts";
import type { Audience } from "../permissions/field-permission.ts";
import { audienceOf } from "./audience.ts";

/** A request whose answer may be the same for others. */
export interface ShareableRequest {
  readonly audience: Audience;
  /** All of the request that its answer depends on, but for the viewer. */
  readonly text: string;
}

/** In characters. Whoever asks for more is answered in the ordinary way, and does not fill the memory. */
const maxTextLength = 8 * 1024;
/** Of how many documents the audience is remembered: about 16 MB when all are as long as they may be. */
const maxDocuments = 1_000;

const bodyFields = new Set(["query", "operationName", "variables", "extensions"]);

/** Tells which requests may be answered from somebody else's answer. */
export class ShareableRequests {
  readonly #schema: GraphQLSchema;
  readonly #audiences = new LatelyUsed<string, { audience: Audience | null }>(maxDocuments);

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Null for whatever is unusual: that goes the ordinary way, which knows how to refuse it. */
  read({ method, headers, body }: HTTPGraphQLRequest): ShareableRequest | null {
    if (method !== "POST" || !isPlainJson(headers.get("content-type")) || !isUsual(body)) return null;
    const { query, operationName = null, variables = null } = body;
    const document = `${operationName ?? ""}\n${query}`;
    if (document.length > maxTextLength) return null;
    const audience = this.#audienceOf(document, query, operationName);
    if (!audience) return null;
    const text = JSON.stringify([headers.get("accept"), document, variables]);
    return text.length > maxTextLength ? null : { audience, text };
  }

  #audienceOf(document: string, query: string, operationName: string | null): Audience | null {
    let known = this.#audiences.get(document);
    if (!known) {
      known = { audience: this.#findAudience(query, operationName) };
      this.#audiences.set(document, known);
    }
    return known.audience;
  }

  #findAudience(query: string, operationName: string | null): Audience | null {
    try {
      const document = parse(query, { ...documentLimits().parseOptions, noLocation: true });
      const operation = getOperationAST(document, operationName);
      return operation ? audienceOf(this.#schema, document, operation) : null;
    } catch {
      return null;
    }
  }
}

interface UsualBody {
  query: string;
  operationName?: string | null;
  variables?: object | null;
}

function isPlainJson(contentType: string | undefined): boolean {
  return contentType === "application/json" || /^application\/json; ?charset=utf-8$/i.test(contentType ?? "");
}

/** `extensions` may be there as some clients always send them; those of persisted queries would mean something. */
function isUsual(body: unknown): body is UsualBody {
  if (!isRecord(body) || !Object.keys(body).every((name) => bodyFields.has(name))) return false;
  const { query, operationName, variables, extensions } = body;
  return (
    typeof query === "string" &&
    (operationName == null || (typeof operationName === "string" && /^\w+$/.test(operationName))) &&
    (variables == null || isRecord(variables)) &&
    (extensions == null || (isRecord(extensions) && !("persistedQuery" in extensions)))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
