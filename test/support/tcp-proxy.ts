import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";

/** Stands between a program and a database: while it is closed, the database cannot be reached. */
export interface TcpProxy {
  /** The address of the database behind it. */
  readonly url: string;
  open(): Promise<void>;
  /** Cuts every connection and refuses new ones. */
  close(): Promise<void>;
  /** Lets nothing through any more and says nothing of it, as a cut cable does; until the proxy is closed and open again. */
  freeze(): void;
  /**
   * Cuts the connection of the next COMMIT, before the database sees it or after it has answered, so that the program
   * cannot tell which. Resolves when that was done.
   * @param others so many COMMITs go through before it
   */
  cutNextCommit(when: CutCommit, others?: number): Promise<void>;
}

export type CutCommit = "before" | "after";

/** A proxy that is open, on a port that stays its own. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const cuts: { when: CutCommit; others: number; done(): void }[] = [];
  let isFrozen = false;
  const server = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let lastCut: (typeof cuts)[number] | undefined;
    const cut = () => {
      near.destroy();
      lastCut?.done();
    };
    near.on("data", (message) => {
      if (isFrozen) return;
      if (isCommit(message)) lastCut = cuts[0] && cuts[0].others-- > 0 ? undefined : cuts.shift();
      if (lastCut?.when === "before") cut();
      else far.write(message);
    });
    far.on("data", (message) => {
      if (isFrozen) return;
      if (lastCut) cut();
      else near.write(message);
    });
  });
  let port = 0;
  const open = async () => {
    isFrozen = false;
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  await open();
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.toString(),
    open,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    freeze: () => {
      isFrozen = true;
    },
    cutNextCommit: (when, others = 0) => new Promise((done) => cuts.push({ when, others, done })),
  };
}

/** A simple query begins with its letter and its length. */
function isCommit(message: Buffer): boolean {
  return message.toString("latin1", 0, 1) === "Q" && message.toString("latin1", 5, 11) === "commit";
}
