import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidResolveOperation,
} from "@apollo/server";
import { GraphQLError, type OperationDefinitionNode } from "graphql";
import { isStaff, StaffRole } from "../../auth/staff-role.ts";
import { consistencyTokenName, encodeToken } from "../../database/routing/consistency-token.ts";
import { badUserInput, type FieldFault } from "../errors/errors.ts";
import { isInternal, toPublicError } from "../errors/public-error.ts";
import { literalFault, variableFaults } from "../input/invalid-values.ts";
import { requireAffordable } from "../limits/limits.ts";
import { isStaffOperation } from "../permissions/staff-operation.ts";
import type { Context, FindViewer } from "./context.ts";
import { settleResponseHead } from "./response-head.ts";
import { setViewer } from "./set-viewer.ts";

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
  viewerId: string | null;
  /** Where it read, as the header `served-by` tells it. */
  servedBy: string;
  /** The codes of the top-level errors. */
  codes: string[];
}

/** Of a longer name the log tells no more. */
const maxNameLength = 100;

/**
 * What happens to every operation around its execution, in this order: values that their types refuse are found, the
 * cost is checked, the route is pinned, the viewer is looked up; and in the end errors are put into words.
 */
export function operationPlugin(options: OperationPluginOptions): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      let isViewerAsked = false;
      return {
        async validationDidStart({ schema, document }) {
          return async (errors) => {
            for (const error of errors ?? []) {
              if (error instanceof GraphQLError) markLiteral(error, document && literalFault(schema, document, error));
            }
          };
        },
        async didResolveOperation(request) {
          const { operation, contextValue: context } = request;
          // Without an operation Apollo Server answers OPERATION_RESOLUTION_FAILURE next.
          if (!operation || operation.operation === "subscription") return;
          refuseFaults(request, operation);
          await context.route.pin(operation.operation);
          isViewerAsked = true;
          const isForStaff = isStaffOperation(request.schema, request.document, operation);
          await setViewer(context, options.findViewer, isForStaff);
          if (isForStaff && isStaff(context.viewer, StaffRole.VIEWER)) context.route.useStaffLane();
        },
        async willSendResponse(request) {
          const { route } = request.contextValue;
          if (route.lostServer) return;
          logFaults(request);
          if (request.errors && !isViewerAsked) await settleLanguage(request.contextValue, options.findViewer);
          const codes = translateErrors(request);
          settleResponseHead(request);
          const { contextValue, response, operation, operationName } = request;
          if (options.exposeRoute) response.http.headers.set("served-by", route.servedBy);
          if (route.position) response.http.headers.set(consistencyTokenName, encodeToken(route.position));
          const kind = operation?.operation === "subscription" ? null : (operation?.operation ?? null);
          options.onAnswered({
            context: contextValue,
            kind,
            name: operationName?.slice(0, maxNameLength) ?? null,
            viewerId: contextValue.viewer?.id ?? null,
            servedBy: route.servedBy,
            codes,
          });
        },
      };
    },
  };
}

function refuseFaults(
  { schema, document, request }: GraphQLRequestContextDidResolveOperation<Context>,
  operation: OperationDefinitionNode,
): void {
  const variables = request.variables ?? {};
  const faults = variableFaults(schema, document, operation, variables);
  if (faults.length > 0) throw beforeExecution(badUserInput(faults));
  try {
    requireAffordable(schema, document, operation, variables);
  } catch (error) {
    throw beforeExecution(error);
  }
}

/** A request that was refused before anything of it ran is a bad request for HTTP too. */
function beforeExecution(error: unknown): unknown {
  if (error instanceof GraphQLError) error.extensions.http = { status: 400 };
  return error;
}

function logFaults({ errors = [], contextValue }: GraphQLRequestContext<Context>): void {
  for (const error of errors) {
    if (isInternal(error, error.toJSON())) {
      contextValue.log.error({ err: error.originalError ?? error }, "an operation failed");
    }
  }
}

/** The mark is carried over to the error that Apollo Server makes of this one, and goes no further. */
function markLiteral(error: GraphQLError, fault: FieldFault | null | undefined): void {
  if (fault) error.extensions.literalFault = fault;
}

/** What was refused before the viewer was looked up is put into the viewer's language all the same. */
async function settleLanguage(context: Context, findViewer: FindViewer): Promise<void> {
  try {
    await context.route.pin("query");
    await setViewer(context, findViewer, false);
  } catch {
    // Then it is told in the language of the request.
  }
}

/** Faults of values that stand in the document come one by one; like those of variables they are told as one error. */
function translateErrors({ contextValue, errors, response }: GraphQLRequestContext<Context>): string[] {
  if (!errors || response.body?.kind !== "single") return [];
  const reader = { locale: contextValue.locale, requestId: contextValue.requestId };
  const formatted = response.body.singleResult.errors ?? [];
  const faults = errors.flatMap((error) => (error.extensions.literalFault as FieldFault | undefined) ?? []);
  const isFirstFault = (error: GraphQLError) => error === errors.find((one) => one.extensions.literalFault);
  response.body.singleResult.errors = errors.flatMap((error, index) => {
    if (error.extensions.literalFault && !isFirstFault(error)) return [];
    const told = error.extensions.literalFault ? badUserInput(faults) : error;
    return [toPublicError(told, formatted[index] ?? error.toJSON(), reader)];
  });
  return response.body.singleResult.errors.map((error) => String(error.extensions?.code));
}
