import type { FastifyInstance } from "fastify";
import type { Config } from "../../config.ts";

/**
 * Starts to serve and tells the address. `variable` is the one that names the port.
 * @throws telling which variable names a port or an address that cannot be had.
 */
export async function listen(
  http: FastifyInstance,
  { host, port }: Pick<Config["http"], "host" | "port">,
  variable = "PORT",
): Promise<string> {
  try {
    return await http.listen({ host, port });
  } catch (error) {
    throw new Error(reasonOf(error, host, port, variable), { cause: error });
  }
}

/** Why a port cannot be opened, for a person who has to choose another one. */
export function reasonOf(error: unknown, host: string, port: number, variable = "PORT"): string {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case "EADDRINUSE":
      return `The port ${port} is taken by another program. Choose another one with ${variable}; ${variable}=0 takes a free one.`;
    case "EACCES":
      return `The port ${port} is not open to this user. Choose another one with ${variable}, from 1024.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `This machine has no address ${host}. Choose another one with HOST.`;
    default:
      return `The port ${port} at ${host} cannot be opened: ${error instanceof Error ? error.message : error}`;
  }
}
