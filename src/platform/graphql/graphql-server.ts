import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { ApolloServerPluginLandingPageLocalDefault } from "@apollo/server/plugin/landingPage/default";
import type { GraphQLSchema } from "graphql";
import { Locale } from "../locale.ts";
import type { Context } from "./context.ts";
import { documentLimits } from "./limits.ts";
import { type OperationPluginOptions, operationPlugin } from "./operation-plugin.ts";
import { toPublicError } from "./public-error.ts";

export interface GraphqlServerOptions extends OperationPluginOptions {
  schema: GraphQLSchema;
  /** Apollo Sandbox for browsers, and introspection. */
  isExplorable: boolean;
}

/** Apollo Server, with everything that a request to the graph goes through before and after its resolvers. */
export function createGraphqlServer(options: GraphqlServerOptions): ApolloServer<Context> {
  const { validationRules, parseOptions } = documentLimits();
  return new ApolloServer<Context>({
    schema: options.schema,
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
      operationPlugin(options),
      options.isExplorable
        ? ApolloServerPluginLandingPageLocalDefault({ embed: true, includeCookies: true })
        : ApolloServerPluginLandingPageDisabled(),
    ],
  });
}
