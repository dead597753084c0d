import {
  ApolloServer,
  type ApolloServerOptions,
  type ContextThunk,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from "@apollo/server";
import { wantedFreshness } from "../database/consistency-token.ts";
import { type Route, type RouteOptions, withRoute } from "../database/route.ts";
import type { Server } from "../database/servers.ts";
import type { Context } from "./context.ts";

/** A query is run so often while one server after the other is lost under it. */
const maxRuns = 3;

/**
 * Gives every operation its route. A query whose server is lost in the middle is run once more on another one, from the
 * start: it changes nothing, and so its answer still shows one state of the data.
 */
export class RoutedApolloServer extends ApolloServer<Context> {
  readonly #newRoute: (options: RouteOptions) => Route;

  constructor(options: ApolloServerOptions<Context>, newRoute: (options: RouteOptions) => Route) {
    super(options);
    this.#newRoute = newRoute;
  }

  override async executeHTTPGraphQLRequest(request: {
    httpGraphQLRequest: HTTPGraphQLRequest;
    context: ContextThunk<Context>;
  }): Promise<HTTPGraphQLResponse> {
    const wanted = wantedFreshness(request.httpGraphQLRequest.headers);
    const avoid = new Set<Server>();
    for (let run = 1; ; run++) {
      const route = this.#newRoute({ wanted, avoid, isRepeatable: run < maxRuns });
      const response = await withRoute(route, () => super.executeHTTPGraphQLRequest(request));
      if (!route.lostServer) return response;
      avoid.add(route.lostServer);
    }
  }
}
