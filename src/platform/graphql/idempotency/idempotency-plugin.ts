import {
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLRequestContextResponseForOperation,
  type GraphQLResponse,
  HeaderMap,
} from "@apollo/server";
import {
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  Kind,
  type OperationDefinitionNode,
} from "graphql";
import { ClientError } from "../errors/errors.ts";
import type { Context } from "../server/context.ts";
import { requestFingerprint } from "./idempotency-keys.ts";
import { idempotencyTexts } from "./idempotency-texts.ts";
import { KeyedOperation } from "./keyed-operation.ts";

export interface IdempotencyOptions {
  /** What the fingerprints of requests are made with. */
  secret: string;
  /** The mutations that are answered as if no key had come. */
  mutationsWithoutKeys: ReadonlySet<string>;
}

const headerNames = ["idempotency-key", "idempotencykey"];
const wellFormed = /^[\x20-\x7e]{1,255}$/;

/**
 * A mutation that comes with an idempotency key is done once: the same key from the same viewer gives the stored answer
 * for a day. Its whole operation is one transaction, which stores the answer too; an answer with errors changes
 * nothing and is not stored.
 */
export function idempotencyPlugin({ secret, mutationsWithoutKeys }: IdempotencyOptions): ApolloServerPlugin<Context> {
  const fingerprint = requestFingerprint(secret);
  return {
    async requestDidStart() {
      let keyed: KeyedOperation | null = null;
      return {
        async responseForOperation(incoming) {
          const { contextValue: context, request } = incoming;
          try {
            const key = keyOf(incoming, mutationsWithoutKeys);
            if (key === null || !context.viewer) return null;
            keyed = new KeyedOperation(context, {
              viewerId: context.viewer.id,
              key,
              fingerprint: fingerprint(request),
            });
            const stored = await keyed.begin();
            return stored && storedResponse(stored);
          } catch (error) {
            return refusal(incoming, error);
          }
        },
        async executionDidStart(running) {
          const operation = keyed;
          if (!operation) return;
          return { executionDidEnd: (failure) => settle(operation, running, failure) };
        },
      };
    },
  };
}

/** @throws BAD_USER_INPUT for a key, or an operation with a key, that cannot be */
function keyOf(
  { request, operation }: GraphQLRequestContextResponseForOperation<Context>,
  mutationsWithoutKeys: ReadonlySet<string>,
): string | null {
  const [key] = headerNames.flatMap((name) => request.http?.headers.get(name) ?? []);
  if (key === undefined || operation.operation !== "mutation") return null;
  const fields = rootFields(operation);
  if (fields.every((field) => field !== null && mutationsWithoutKeys.has(field))) return null;
  if (fields.length !== 1 || fields[0] === null) {
    throw new ClientError("BAD_USER_INPUT", idempotencyTexts.severalFields);
  }
  if (!wellFormed.test(key)) throw new ClientError("BAD_USER_INPUT", idempotencyTexts.malformed);
  return key;
}

/** The names of the fields at the root; null for a fragment. */
function rootFields({ selectionSet }: OperationDefinitionNode): (string | null)[] {
  return selectionSet.selections.map((selection) => (selection.kind === Kind.FIELD ? selection.name.value : null));
}

/** Only after the commit it is known what the client may hear. */
async function settle(
  keyed: KeyedOperation,
  running: GraphQLRequestContext<Context>,
  failure: Error | undefined,
): Promise<void> {
  const { body } = running.response;
  if (failure || body?.kind !== "single" || running.errors) {
    await keyed.undo();
    if (body?.kind === "single") body.singleResult.data = null;
    return;
  }
  try {
    body.singleResult = await keyed.commit(body.singleResult);
  } catch (error) {
    body.singleResult = { data: null, errors: [told(running, error)] };
  }
}

function storedResponse(answer: FormattedExecutionResult): GraphQLResponse {
  return {
    http: { status: undefined, headers: new HeaderMap([["idempotent-replayed", "true"]]) },
    body: { kind: "single", singleResult: answer },
  };
}

/** Nothing was executed: a bad request, or a database that had no time for it. */
function refusal(incoming: GraphQLRequestContext<Context>, error: unknown): GraphQLResponse {
  const status = error instanceof ClientError ? 400 : 500;
  const answer = { errors: [told(incoming, error)] };
  return { http: { status, headers: new HeaderMap() }, body: { kind: "single", singleResult: answer } };
}

/** The error, where those of Apollo Server stand too: it is logged and put into words when the response is sent. */
function told(request: GraphQLRequestContext<Context>, error: unknown): GraphQLFormattedError {
  const originalError = error instanceof Error ? error : new Error("The operation failed.", { cause: error });
  const graphqlError =
    error instanceof GraphQLError ? error : new GraphQLError(originalError.message, { originalError });
  Object.assign(request, { errors: [graphqlError] });
  return graphqlError.toJSON();
}
