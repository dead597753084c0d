import {
  ApolloServer,
  type ApolloServerOptions,
  type ContextThunk,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from "@apollo/server";
import type { Server } from "../../database/connections/servers.ts";
import { type Freshness, wantedFreshness } from "../../database/routing/consistency-token.ts";
import { type Route, type RouteOptions, withRoute } from "../../database/routing/route.ts";
import type { ReadSharing, Run } from "../shared-reads/answer-shared.ts";
import type { Context } from "./context.ts";
import type { AnsweredOperation } from "./operation-plugin.ts";

/** A query is run so often while one server after the other is lost under it. */
const maxRuns = 3;

export interface RoutingOptions {
  /** The route of one run of an operation. */
  newRoute(options: RouteOptions): Route;
  sharing: ReadSharing;
  /** What came of the run that took this route, if it came to an operation. */
  answeredOn(route: Route): AnsweredOperation | null;
}

interface Request {
  httpGraphQLRequest: HTTPGraphQLRequest;
  context: ContextThunk<Context>;
}

/**
 * Gives every operation its route, unless another one's answer will do. A query whose server is lost in the middle is run
 * once more on another one, from the start: it changes nothing, and so its answer still shows one state of the data.
 */
export class RoutedApolloServer extends ApolloServer<Context> {
  readonly #routing: RoutingOptions;

  constructor(options: ApolloServerOptions<Context>, routing: RoutingOptions) {
    super(options);
    this.#routing = routing;
  }

  override async executeHTTPGraphQLRequest(request: Request): Promise<HTTPGraphQLResponse> {
    const { httpGraphQLRequest } = request;
    const wanted = wantedFreshness(httpGraphQLRequest.headers);
    const context = await this.#openContext(request, { wanted, isRepeatable: true });
    const run = () => this.#run(request, wanted, context);
    return await this.#routing.sharing.answer(httpGraphQLRequest, wanted, context, run);
  }

  async #run(request: Request, wanted: Freshness, firstContext: Context): Promise<Run> {
    const avoid = new Set<Server>();
    let context = firstContext;
    for (let run = 1; ; run++) {
      const { route } = context;
      const response = await withRoute(route, () =>
        super.executeHTTPGraphQLRequest({ ...request, context: async () => context }),
      );
      if (!route.lostServer) return { response, route, operation: this.#routing.answeredOn(route) };
      avoid.add(route.lostServer);
      context = await this.#openContext(request, { wanted, avoid, isRepeatable: run + 1 < maxRuns });
    }
  }

  #openContext({ context }: Request, options: RouteOptions): Promise<Context> {
    return withRoute(this.#routing.newRoute(options), context);
  }
}
