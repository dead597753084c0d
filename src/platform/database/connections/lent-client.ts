import type { PostgresPoolClient } from "kysely";
import type { PoolClient, QueryResult } from "pg";
import { CommitInDoubt, commitFailure, isLostConnection } from "../database-errors.ts";
import { positionColumns, positionOf, type WalPosition } from "../routing/wal-position.ts";
import { preparedName } from "../sql/prepared-rows.ts";

export interface Lending {
  /** Every transaction brings its own limits, since a connection of PgBouncer has none. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** Whether statements that are meant to be prepared are, once for each connection. */
  readonly preparesStatements: boolean;
  onStatement?(): void;
  /** Hears that the connection broke. */
  onLost?(): void;
  /** Throws when the server must not be written to; asked when a transaction begins, and again when it commits. */
  requirePrimary?(): void;
  /** Hears where the log was after a commit. Without it, nobody asks. */
  onCommit?(position: WalPosition): void;
}

/** Rides on the commit, so that it costs no round trip. */
const positionStatement = `select ${positionColumns}`;

/**
 * The client, as the ORM's driver (Kysely) takes it. A connection that breaks while it is lent goes back to its pool at
 * once: after a rollback that failed, as it does on a broken connection, Kysely never gives it back, and with each
 * such connection the pool would lose a place for good.
 */
export function lend(client: PoolClient, lending: Lending): PostgresPoolClient {
  let isLent = true;
  const giveBack = (isBroken: boolean) => {
    if (!isLent) return;
    isLent = false;
    client.removeListener("end", onEnd);
    client.release(isBroken);
  };
  const onEnd = () => giveBack(true);
  client.once("end", onEnd);
  return Object.create(client, {
    query: {
      value: async (statement: string, parameters: unknown[] = []) => {
        lending.onStatement?.();
        try {
          if (isBegin(statement)) return await begin(client, statement, lending);
          if (statement === "commit") return await commit(client, lending);
          const name = lending.preparesStatements ? preparedName(statement) : undefined;
          return await client.query({ name, text: statement, values: parameters });
        } catch (error) {
          if (isLostConnection(error) || error instanceof CommitInDoubt) {
            lending.onLost?.();
            giveBack(true);
          }
          throw error;
        }
      },
    },
    release: { value: () => giveBack(false) },
  });
}

/** Kysely's own words; with an isolation level they go on after that. */
function isBegin(statement: string): boolean {
  return statement === "begin" || statement.startsWith("start transaction");
}

async function begin(
  client: PoolClient,
  statement: string,
  { statementTimeoutMs, lockTimeoutMs, requirePrimary }: Lending,
): Promise<QueryResult | undefined> {
  requirePrimary?.();
  const [begun] = await queryAll(
    client,
    `${statement};
     set local statement_timeout = ${statementTimeoutMs};
     set local lock_timeout = ${lockTimeoutMs};
     set local idle_in_transaction_session_timeout = ${statementTimeoutMs}`,
  );
  return begun;
}

async function commit(client: PoolClient, { requirePrimary, onCommit }: Lending): Promise<QueryResult | undefined> {
  requirePrimary?.();
  const results = await queryAll(client, onCommit ? `commit; ${positionStatement}` : "commit").catch((error) => {
    throw commitFailure(error);
  });
  const [committed, position] = results;
  // PostgreSQL rolls back what has failed, and does not call that an error.
  if (committed?.command === "ROLLBACK") throw new Error("A transaction that had failed was to be committed.");
  const [row] = position?.rows ?? [];
  const reached = row && positionOf(row);
  if (reached) onCommit?.(reached);
  return committed;
}

/** Several statements in one message: the answer to each. */
async function queryAll(client: PoolClient, statements: string): Promise<QueryResult[]> {
  // The types of `pg` do not tell that there may be several.
  const results: QueryResult | QueryResult[] = await client.query(statements);
  return [results].flat();
}
