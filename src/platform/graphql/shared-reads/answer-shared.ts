import { HeaderMap, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from "@apollo/server";
import type { GraphQLSchema } from "graphql";
import type { SessionClaims } from "../../auth/session-tokens.ts";
import type { Freshness } from "../../database/routing/consistency-token.ts";
import { type Route, withRoute } from "../../database/routing/route.ts";
import type { Audience } from "../permissions/field-permission.ts";
import type { Context, FindViewer } from "../server/context.ts";
import type { AnsweredOperation } from "../server/operation-plugin.ts";
import { setViewer } from "../server/set-viewer.ts";
import { type Reading, type SharedReadOutcome, SharedReads } from "./answer-cache.ts";
import { ShareableRequests } from "./cacheable-request.ts";

export interface ReadSharingOptions {
  schema: GraphQLSchema;
  /** For how long an answer is shared, in milliseconds from when its reading began; 0: not at all. */
  windowMs: number;
  /** Whether the session surely goes on, as far as is known without asking the database. */
  goesOn(claims: SessionClaims): boolean;
  findViewer: FindViewer;
  /** Hears of every read that may be shared. */
  onRead(outcome: SharedReadOutcome): void;
  /** Hears of every operation that was answered from the answer of another one. */
  onAnswered(operation: AnsweredOperation): void;
}

/** One run of an operation in the ordinary way; `operation` is null when it did not come to an operation at all. */
export interface Run {
  readonly response: HTTPGraphQLResponse;
  readonly route: Route;
  readonly operation: AnsweredOperation | null;
}

/** An answer, as its first asker and as all others get it. */
interface SharedAnswer {
  readonly own: HTTPGraphQLResponse;
  readonly others: HTTPGraphQLResponse;
  readonly name: string | null;
  readonly servedBy: string;
}

/** Answers queries that mean the same to many from one answer, with nothing of them parsed, executed or written anew. */
export class ReadSharing {
  readonly #options: ReadSharingOptions;
  readonly #requests: ShareableRequests;
  readonly #reads: SharedReads<SharedAnswer>;

  constructor(options: ReadSharingOptions) {
    this.#options = options;
    this.#requests = new ShareableRequests(options.schema);
    this.#reads = new SharedReads(options);
  }

  /**
   * Answers the request, from another one's answer where that is right.
   * @param context of this request, whose route is pinned if it has to read for itself
   * @param run answers it in the ordinary way
   */
  async answer(
    request: HTTPGraphQLRequest,
    wanted: Freshness,
    context: Context,
    run: () => Promise<Run>,
  ): Promise<HTTPGraphQLResponse> {
    const shareable = this.#options.windowMs > 0 ? this.#requests.read(request) : null;
    // What a token that cannot be read asks for, only the primary has.
    if (!shareable || wanted === "newest") return (await run()).response;
    const viewers = await this.#viewersLike(context, shareable.audience);
    if (!viewers) return (await run()).response;
    const { outcome, answer } = await this.#reads.read(`${viewers} ${shareable.text}`, wanted, {
      pin: () => pin(context.route),
      read: async () => readingOf(await run(), viewers),
    });
    this.#options.onRead(outcome);
    if (outcome === "miss") return answer.own;
    this.#options.onAnswered({
      context,
      kind: "query",
      name: answer.name,
      viewerId: this.#isKnown(context) ? context.claims.userId : (context.viewer?.id ?? null),
      servedBy: answer.servedBy,
      codes: [],
    });
    return answer.others;
  }

  /** Among which viewers an answer of this audience is shared with this one; null: it cannot be found out. */
  async #viewersLike(context: Context, audience: Audience): Promise<Viewers | null> {
    if (audience === "everyone") return "everyone";
    if (!context.claims) return "anonymous";
    if (this.#isKnown(context)) return "loggedIn";
    try {
      await context.route.pin("query");
      await withRoute(context.route, () => setViewer(context, this.#options.findViewer, false));
      return context.viewer ? "loggedIn" : "anonymous";
    } catch {
      // The ordinary way meets the same fault, and puts it into words.
      return null;
    }
  }

  #isKnown(context: Context): context is Context & { claims: SessionClaims } {
    return context.claims !== null && this.#options.goesOn(context.claims);
  }
}

type Viewers = "everyone" | "anonymous" | "loggedIn";

/** When no server can be pinned, the ordinary way finds that out too. */
async function pin(route: Route) {
  try {
    await route.pin("query");
    return route.readPosition;
  } catch {
    return null;
  }
}

/** Only an answer without errors is shared, and only if it was read as one of those that it is to be shared among. */
function readingOf({ response, route, operation }: Run, viewers: Viewers): Reading<SharedAnswer> {
  const name = operation?.name ?? null;
  const servedBy = `${route.servedBy}, shared`;
  const answer = { own: response, others: response, name, servedBy };
  const isTheirs = viewers === "everyone" || Boolean(operation?.viewerId) === (viewers === "loggedIn");
  if (!operation || operation.codes.length > 0 || !isTheirs || response.body.kind !== "complete") {
    return { answer, position: null, bytes: 0 };
  }
  const headers = new HeaderMap(response.headers);
  if (headers.has("served-by")) headers.set("served-by", servedBy);
  return {
    answer: { ...answer, others: { ...response, headers } },
    position: route.readPosition,
    bytes: 2 * response.body.string.length,
  };
}
