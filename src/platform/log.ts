import { type DestinationStream, type Logger, pino } from "pino";
import pretty from "pino-pretty";

export interface LogOptions {
  level: string;
  /** One readable line for a person at a terminal, instead of JSON for machines. */
  isPretty: boolean;
  /** Whether several processes write into the same log, so that each line has to tell which one wrote it. */
  isShared?: boolean;
}

/** What one write puts into a pipe whole, whoever else writes into it (PIPE_BUF). */
const maxWrite = 4_096;

/** The log. Nothing that is written to it may hold an e-mail address, a token or a password. */
export function createLog({ level, isPretty, isShared = false }: LogOptions, destination?: DestinationStream): Logger {
  const base = isShared ? { pid: process.pid } : null;
  const options = { level, base, serializers: { err: describeError } };
  if (destination) return pino(options, destination);
  return isPretty
    ? pino(
        options,
        pretty({
          colorize: process.stdout.isTTY,
          translateTime: "SYS:HH:MM:ss.l",
          singleLine: true,
        }),
      )
    : pino(options, pino.destination({ sync: false, maxWrite }));
}

/**
 * An error for the log. Of an error of the database only what cannot hold anybody's data: its message may quote the
 * statement with its values.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const stack = error.stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
  const database = databaseError(error);
  if (!database) return { type: error.name, message: withoutPersons(error.message), stack };
  return { type: error.name, code: database.code, constraint: database.constraint, table: database.table, stack };
}

/** The message without e-mail addresses and signed tokens, which a library may have quoted. */
function withoutPersons(message: string): string {
  return message.replaceAll(/[^\s"'<>]+@[^\s"'<>]+/g, "(e-mail)").replaceAll(/\bey[\w-]+\.[\w-]+\.[\w-]*/g, "(token)");
}

function databaseError(error: Error): { code: string; constraint?: string; table?: string } | null {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ("severity" in current && "code" in current) return current as never;
  }
  return error.name.endsWith("Exception") ? ({ code: "unknown" } as const) : null;
}
