import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidResolveOperation,
} from "@apollo/server";
import { GraphQLError } from "graphql";
import type { Context, FindViewer } from "./context.ts";
import { badUserInput, type FieldFault } from "./errors.ts";
import { requireAffordable } from "./limits.ts";
import { isInternal, toPublicError } from "./public-error.ts";
import { literalFault, variableFaults } from "./value-faults.ts";

export interface OperationPluginOptions {
  findViewer: FindViewer;
  /** Whether the header `served-by` tells where an operation read. */
  exposeRoute: boolean;
  /** Hears of every operation that was answered. */
  onAnswered(operation: AnsweredOperation): void;
}

export interface AnsweredOperation {
  context: Context;
  kind: "query" | "mutation" | null;
  name: string | null;
  /** The codes of the top-level errors. */
  codes: string[];
}

/**
 * What happens to every operation around its execution, in this order: values that their types refuse are found, the
 * cost is checked, the route is pinned, the viewer is looked up; and in the end errors are put into words.
 */
export function operationPlugin(options: OperationPluginOptions): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async validationDidStart({ schema, document }) {
          return async (errors) => {
            for (const error of errors ?? []) {
              if (error instanceof GraphQLError) markLiteral(error, document && literalFault(schema, document, error));
            }
          };
        },
        async didResolveOperation(request) {
          await prepare(request, options.findViewer);
        },
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) {
            if (isInternal(error, error.toJSON())) {
              contextValue.log.error({ err: error.originalError ?? error }, "an operation failed");
            }
          }
        },
        async willSendResponse(request) {
          const codes = translateErrors(request);
          const { contextValue, response, operation, operationName } = request;
          if (options.exposeRoute) response.http.headers.set("served-by", contextValue.route.servedBy);
          const kind = operation?.operation === "subscription" ? null : (operation?.operation ?? null);
          options.onAnswered({ context: contextValue, kind, name: operationName ?? null, codes });
        },
      };
    },
  };
}

async function prepare(
  request: GraphQLRequestContextDidResolveOperation<Context>,
  findViewer: FindViewer,
): Promise<void> {
  const { schema, document, operation, contextValue: context } = request;
  // Without an operation Apollo Server answers OPERATION_RESOLUTION_FAILURE next.
  if (!operation || operation.operation === "subscription") return;
  const variables = request.request.variables ?? {};
  const faults = variableFaults(schema, document, operation, variables);
  if (faults.length > 0) throw beforeExecution(badUserInput(faults));
  try {
    requireAffordable(schema, document, variables, request.request.operationName);
  } catch (error) {
    throw beforeExecution(error);
  }
  context.route.pin(operation.operation);
  await setViewer(context, findViewer);
}

/** A replica that has not heard of the viewer's session is behind: then the primary answers the whole operation. */
async function setViewer(context: Context, findViewer: FindViewer): Promise<void> {
  if (!context.claims) return;
  let viewer = await findViewer(context.em, context.claims);
  if (viewer === "unknown") {
    context.route.moveToPrimary();
    viewer = await findViewer(context.em, context.claims);
  }
  context.viewer = viewer === "unknown" ? null : viewer;
}

/** A request that was refused before anything of it ran is a bad request for HTTP too. */
function beforeExecution(error: unknown): unknown {
  if (error instanceof GraphQLError) error.extensions.http = { status: 400 };
  return error;
}

/** The mark is carried over to the error that Apollo Server makes of this one, and goes no further. */
function markLiteral(error: GraphQLError, fault: FieldFault | null | undefined): void {
  if (fault) error.extensions.literalFault = fault;
}

function translateErrors({ contextValue, errors, response }: GraphQLRequestContext<Context>): string[] {
  if (!errors || response.body?.kind !== "single") return [];
  const reader = { locale: contextValue.locale, requestId: contextValue.requestId };
  const formatted = response.body.singleResult.errors ?? [];
  response.body.singleResult.errors = errors.map((error, index) => {
    const fault = error.extensions.literalFault as FieldFault | undefined;
    return toPublicError(fault ? badUserInput([fault]) : error, formatted[index] ?? error.toJSON(), reader);
  });
  return response.body.singleResult.errors.map((error) => String(error.extensions?.code));
}
