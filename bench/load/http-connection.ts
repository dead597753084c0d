import net from "node:net";

/** What came back for one request. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const timeoutMs = 60_000;

/**
 * One HTTP/1.1 connection that stays open and has one request on its way at a time, like a browser's. It is written on
 * the bare socket because Node's own client costs more than a request costs the server.
 */
export class HttpConnection {
  readonly #host: string;
  readonly #port: number;
  #socket: net.Socket | null = null;
  #received: Buffer = Buffer.alloc(0);
  #pending: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | null = null;

  constructor(origin: string) {
    const { hostname, port } = new URL(origin);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /** Opens it, unless it is open. */
  async connect(): Promise<void> {
    if (this.#socket) return;
    const socket = net.connect({ host: this.#host, port: this.#port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(fault("CONNECTION_CLOSED")));
    socket.setTimeout(timeoutMs, () => socket.destroy(fault("NO_ANSWER")));
    this.#socket = socket;
  }

  /**
   * Posts JSON, over a new connection when the last one was lost.
   * @throws with a `code` when the connection is lost before the answer is there
   */
  async post(path: string, body: string, token: string | null): Promise<HttpAnswer> {
    await this.connect();
    const authorization = token ? `authorization: Bearer ${token}\r\n` : "";
    const head = `POST ${path} HTTP/1.1\r\nhost: ${this.#host}:${this.#port}\r\ncontent-type: application/json\r\n`;
    return await new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket?.write(`${head}${authorization}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const head = this.#received.toString("latin1", 0, headEnd);
    const [, status] = head.match(/^HTTP\/1\.1 (\d{3})/) ?? [];
    const [, length] = head.match(/\r\ncontent-length: *(\d+)/i) ?? [];
    if (!status || !length) {
      this.#socket?.destroy(fault("UNREADABLE_ANSWER"));
      return;
    }
    const end = headEnd + 4 + Number(length);
    if (this.#received.length < end) return;
    const body = this.#received.toString("utf8", headEnd + 4, end);
    this.#received = this.#received.subarray(end);
    const pending = this.#pending;
    this.#pending = null;
    // The server closes it after this answer; the next request opens another one.
    if (/\r\nconnection: *close/i.test(head)) this.close();
    pending?.resolve({ status: Number(status), body });
  }

  #fail(error: Error): void {
    this.close();
    this.#received = Buffer.alloc(0);
    this.#pending?.reject(error);
    this.#pending = null;
  }
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}
