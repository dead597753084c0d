/** What one process lets another one call. Arguments, results and errors have to be such that they can be sent. */
export type Calls = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

/** Calls a function of the other process. */
export type Call<Theirs extends Calls> = <Name extends keyof Theirs & string>(
  name: Name,
  ...argument: Parameters<Theirs[Name]>
) => ReturnType<Theirs[Name]>;

/** The end of a channel: a child, for its parent; `process`, for a child. */
export interface Peer {
  readonly pid?: number;
  readonly connected: boolean;
  send?(message: unknown, handle: undefined, options: undefined, onSent: (error: Error | null) => void): boolean;
  on(event: "message", listener: (message: Message) => void): unknown;
  once(event: "disconnect", listener: () => void): unknown;
}

type Message =
  | { readonly type: "call"; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly type: "result"; readonly id: number; readonly result: unknown }
  | { readonly type: "failure"; readonly id: number; readonly error: unknown };

/**
 * Lets two processes call functions of each other over the channel between them, which has to be one with the advanced
 * serialization.
 * @param mine what the other one may call
 * @returns how to call the other one; rejects with what its function was rejected with, or when the channel breaks first
 */
export function openCalls<Theirs extends Calls>(peer: Peer, mine: Calls): Call<Theirs> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  const gone = () => new Error("The process at the other end has ended.");
  const send = (message: Message, onFailure: (error: Error) => void = () => {}) => {
    if (peer.connected) peer.send?.(message, undefined, undefined, (error) => error && onFailure(error));
    else onFailure(gone());
  };

  const answer = async (id: number, name: string, argument: unknown) => {
    try {
      const result = await mine[name]?.(argument as never);
      send({ type: "result", id, result });
    } catch (error) {
      send({ type: "failure", id, error });
    }
  };
  const settle = (id: number, how: (call: PromiseWithResolvers<unknown>) => void) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (call) how(call);
  };
  peer.on("message", (message) => {
    if (message.type === "call") void answer(message.id, message.name, message.argument);
    else if (message.type === "result") settle(message.id, (call) => call.resolve(message.result));
    else settle(message.id, (call) => call.reject(message.error));
  });
  peer.once("disconnect", () => {
    for (const id of waiting.keys()) settle(id, (call) => call.reject(gone()));
  });

  return (name, ...[argument]) => {
    const id = ++lastId;
    const call = Promise.withResolvers<unknown>();
    waiting.set(id, call);
    send({ type: "call", id, name, argument }, (error) => settle(id, (call) => call.reject(error)));
    return call.promise as never;
  };
}
