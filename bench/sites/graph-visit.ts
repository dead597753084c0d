import type { Person } from "../data/people.ts";
import { HttpConnection } from "../load/http-connection.ts";
import type { JoinAnswer, Visit } from "./site.ts";

/** How one graph is asked, each as a document. */
export interface GraphDialect {
  readonly join: string;
  readonly list: string;
  readonly detail: string;
  readonly viewerPage: string;
  variablesOfJoin(seminarId: string): object;
  /** What an answer to `join` without errors says. */
  outcomeOfJoin(data: Record<string, unknown>): string;
}

interface GraphError {
  message: string;
  extensions?: { code?: string; retryAfterMs?: number };
}

/** A connection to a graph. */
export class GraphVisit implements Visit {
  readonly #connection: HttpConnection;
  readonly #dialect: GraphDialect;

  private constructor(url: string, dialect: GraphDialect) {
    this.#connection = new HttpConnection(url);
    this.#dialect = dialect;
  }

  static async open(url: string, dialect: GraphDialect): Promise<GraphVisit> {
    const visit = new GraphVisit(url, dialect);
    await visit.#connection.connect();
    return visit;
  }

  async join(person: Person, seminarId: string): Promise<JoinAnswer> {
    const { join, variablesOfJoin, outcomeOfJoin } = this.#dialect;
    const { data, errors } = await this.ask(person, join, variablesOfJoin(seminarId));
    if (data && !errors) return { outcome: outcomeOfJoin(data) };
    const [error] = errors ?? [];
    return { outcome: codeOf(error), retryAfterMs: error?.extensions?.retryAfterMs };
  }

  list(person: Person): Promise<string> {
    return this.#read(person, this.#dialect.list);
  }

  detail(person: Person, id: string): Promise<string> {
    return this.#read(person, this.#dialect.detail, { id });
  }

  viewerPage(person: Person): Promise<string> {
    return this.#read(person, this.#dialect.viewerPage);
  }

  /** Sends any operation and gives the answer as it is. */
  async ask(person: Person, query: string, variables: object = {}) {
    const { body } = await this.#connection.post("/graphql", JSON.stringify({ query, variables }), person.token);
    return JSON.parse(body) as { data?: Record<string, unknown> | null; errors?: GraphError[] };
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  /** Large answers are not parsed, since that would cost more than to send them. */
  async #read(person: Person, query: string, variables: object = {}): Promise<string> {
    const text = JSON.stringify({ query, variables });
    const { status, body } = await this.#connection.post("/graphql", text, person.token);
    if (status === 200 && /^\{"data":\{"\w+":\{|^\{"data":\{"\w+":\[\{/.test(body) && !body.includes('"errors":[')) {
      return "READ";
    }
    const { errors } = JSON.parse(body) as { errors?: GraphError[] };
    return errors ? codeOf(errors[0]) : "NOTHING_THERE";
  }
}

/** The code of an error, or its message where a server has no codes of its own. */
export function codeOf(error: GraphError | undefined): string {
  const code = error?.extensions?.code;
  return !code || code === "INTERNAL_SERVER_ERROR" ? (error?.message ?? "NO_ANSWER") : code;
}
