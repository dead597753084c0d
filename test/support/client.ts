/** The answer to one request, as it came. */
export interface Answer {
  status: number;
  headers: Headers;
  body: {
    // The graph's answers have many shapes; tests assert on what they asked for.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    data?: any;
    errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> & { code: string } }[];
  };
}

export interface ClientOptions {
  url: string;
  token?: string;
  headers?: Record<string, string>;
  /** Called before a query, so that a test sees on the replica what it has written. */
  beforeQuery?: () => Promise<void>;
}

let lastAddress = 0;

/** A client of the graph with an address of its own, so that tests do not share rate limits. */
export class GraphqlClient {
  readonly #options: ClientOptions;
  readonly #address = `10.${process.pid % 250}.${++lastAddress >> 8}.${lastAddress & 255}`;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The same client with another token or other headers. */
  with(options: Partial<ClientOptions>): GraphqlClient {
    return new GraphqlClient({ ...this.#options, ...options });
  }

  /** Sends the document and gives the answer as it is. */
  async send(query: string, variables?: object, operationName?: string): Promise<Answer> {
    if (!/^\s*mutation\b/.test(query)) await this.#options.beforeQuery?.();
    const { url, token, headers } = this.#options;
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-forwarded-for": this.#address,
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
  }

  /** The data of an answer without errors; with errors it fails, showing the whole exchange. */
  // biome-ignore lint/suspicious/noExplicitAny: as in `Answer`
  async data(query: string, variables?: object): Promise<any> {
    const { body } = await this.send(query, variables);
    if (body.errors) throw new Error(describe(query, variables, body));
    return body.data;
  }

  /** The code of the first top-level error; it fails when there is none. */
  async errorCode(query: string, variables?: object): Promise<string> {
    const { body } = await this.send(query, variables);
    const [error] = body.errors ?? [];
    if (!error) throw new Error(`Expected an error.\n${describe(query, variables, body)}`);
    return error.extensions.code;
  }

  /** The `extensions.fields` of the first top-level error, by the path of each field joined with dots. */
  async fieldFaults(query: string, variables?: object): Promise<Record<string, string>> {
    const { body } = await this.send(query, variables);
    const fields = body.errors?.[0]?.extensions.fields as { path: (string | number)[]; message: string }[] | undefined;
    if (!fields) throw new Error(`Expected faults of fields.\n${describe(query, variables, body)}`);
    return Object.fromEntries(fields.map(({ path, message }) => [path.join("."), message]));
  }
}

function describe(query: string, variables: object | undefined, body: object): string {
  return [query, JSON.stringify(variables, null, 2), JSON.stringify(body, null, 2)].join("\n");
}
