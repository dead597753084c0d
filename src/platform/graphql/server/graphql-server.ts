import type { ApolloServer, ApolloServerOptions } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { ApolloServerPluginLandingPageLocalDefault } from "@apollo/server/plugin/landingPage/default";
import type { GraphQLSchema } from "graphql";
import type { Route, RouteOptions } from "../../database/routing/route.ts";
import { Locale } from "../../locale.ts";
import { toPublicError } from "../errors/public-error.ts";
import { compiledGateway } from "../execution/compiled-gateway.ts";
import { type IdempotencyOptions, idempotencyPlugin } from "../idempotency/idempotency-plugin.ts";
import { documentLimits } from "../limits/limits.ts";
import { ReadSharing, type ReadSharingOptions } from "../shared-reads/answer-shared.ts";
import type { Context } from "./context.ts";
import { type AnsweredOperation, type OperationPluginOptions, operationPlugin } from "./operation-plugin.ts";
import { RoutedApolloServer } from "./operation-runner.ts";

export interface GraphqlServerOptions extends OperationPluginOptions {
  schema: GraphQLSchema;
  /** Apollo Sandbox for browsers, and introspection. */
  isExplorable: boolean;
  idempotency: IdempotencyOptions;
  /** The route of one run of an operation. */
  newRoute(options: RouteOptions): Route;
  sharedReads: Pick<ReadSharingOptions, "windowMs" | "goesOn" | "onRead">;
}

/** Apollo Server, with everything that a request to the graph goes through before and after its resolvers. */
export function createGraphqlServer(options: GraphqlServerOptions): ApolloServer<Context> {
  const { validationRules, parseOptions } = documentLimits();
  const answered = new WeakMap<Route, AnsweredOperation>();
  const onAnswered = (operation: AnsweredOperation) => {
    answered.set(operation.context.route, operation);
    options.onAnswered(operation);
  };
  const apolloOptions: ApolloServerOptions<Context> = {
    gateway: compiledGateway(options.schema),
    introspection: options.isExplorable,
    hideSchemaDetailsFromClientErrors: !options.isExplorable,
    validationRules,
    parseOptions,
    persistedQueries: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // What fails before there is a context: nobody's language and no request id are known.
    formatError: (formatted, error) => toPublicError(error, formatted, { locale: Locale.EN, requestId: null }),
    plugins: [
      operationPlugin({ ...options, onAnswered }),
      idempotencyPlugin(options.idempotency),
      // It would wrap every field, to find out each time that nothing may be cached; `settleResponseHead` says so.
      ApolloServerPluginCacheControlDisabled(),
      options.isExplorable
        ? ApolloServerPluginLandingPageLocalDefault({ embed: true, includeCookies: true })
        : ApolloServerPluginLandingPageDisabled(),
    ],
  };
  return new RoutedApolloServer(apolloOptions, {
    newRoute: options.newRoute,
    sharing: new ReadSharing({ ...options, ...options.sharedReads }),
    answeredOn: (route) => answered.get(route) ?? null,
  });
}
