import type { ApolloServerOptionsWithGateway } from "@apollo/server";
import type { GraphQLSchema } from "graphql";
import type { Context } from "../server/context.ts";
import { compiledExecution } from "./compiled-execution.ts";

type Gateway = ApolloServerOptionsWithGateway<Context>["gateway"];

/**
 * Makes Apollo Server execute operations compiled. A gateway is its way to leave the execution to somebody else, and
 * nothing else: it parses, validates and calls its plugins as ever.
 */
export function compiledGateway(schema: GraphQLSchema): Gateway {
  const execute = compiledExecution();
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: "" });
      return () => {};
    },
    async load() {
      return {
        async executor({ document, request, context }) {
          return await execute({
            schema,
            document,
            contextValue: context,
            variableValues: request.variables,
            operationName: request.operationName,
          });
        },
      };
    },
    async stop() {},
  };
}
