import { createHmac, hkdfSync } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { FormattedExecutionResult } from "graphql";
import { sql } from "kysely";
import { ClientError } from "../errors/errors.ts";
import { idempotencyTexts } from "./idempotency-texts.ts";

/** In characters of JSON. */
const maxAnswerLength = 256 * 1024;

/** An idempotency key as one viewer sent it. */
export interface KeyedRequest {
  readonly viewerId: string;
  readonly key: string;
  /** Tells this request from others under the same key. */
  readonly fingerprint: string;
}

/** What a client asks for: the same under one key, or refused. */
export interface RequestBody {
  query?: string | undefined;
  operationName?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}

/**
 * How requests get their fingerprints. They may hold passwords, so that no plain hash of them is kept: without the
 * server's secret nobody can try passwords on a fingerprint.
 */
export function requestFingerprint(secret: string): (body: RequestBody) => string {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "fingerprints of requests with an idempotency key", 32));
  return ({ query, operationName, variables }) =>
    createHmac("sha256", key)
      .update(JSON.stringify([query, operationName ?? null, variables ?? {}], sortKeys))
      .digest("base64url");
}

/**
 * Takes the key in the transaction of `em`, waiting for whoever has taken it and has not committed yet. A key that is
 * older than a day counts as unknown.
 * @returns the answer that is stored under the key; null: there is none, and the key is taken until the transaction ends
 * @throws BAD_USER_INPUT when the key came with another request
 */
export async function takeKey(em: EntityManager, request: KeyedRequest): Promise<FormattedExecutionResult | null> {
  const database = em.getKysely();
  const { viewerId, key, fingerprint } = request;
  const taken = await sql`insert into idempotency_keys as stored (viewer_id, key, fingerprint, created_at)
    values (${viewerId}, ${key}, ${fingerprint}, clock_timestamp())
    on conflict (viewer_id, key) do update
      set fingerprint = excluded.fingerprint, answer = null, created_at = excluded.created_at
      where stored.created_at < clock_timestamp() - interval '24 hours'
    returning key`.execute(database);
  if (taken.rows.length > 0) return null;

  // The insert has locked the row that was in its way, so that it is still there.
  const { rows } = await sql<{ fingerprint: string; answer: string }>`select fingerprint, answer::text as answer
    from idempotency_keys where viewer_id = ${viewerId} and key = ${key}`.execute(database);
  const [stored] = rows;
  if (!stored) throw new Error("A key that could not be taken is not there.");
  if (stored.fingerprint !== fingerprint) throw new ClientError("BAD_USER_INPUT", idempotencyTexts.otherRequest);
  return JSON.parse(stored.answer);
}

/**
 * Stores the answer under the key that the transaction of `em` has taken.
 * @throws BAD_USER_INPUT when it is too large
 */
export async function storeAnswer(
  em: EntityManager,
  { viewerId, key }: KeyedRequest,
  answer: FormattedExecutionResult,
): Promise<void> {
  const text = JSON.stringify(answer);
  if (text.length > maxAnswerLength) throw new ClientError("BAD_USER_INPUT", idempotencyTexts.answerTooLarge);
  await sql`update idempotency_keys set answer = ${text}::json where viewer_id = ${viewerId} and key = ${key}`.execute(
    em.getKysely(),
  );
}

/** The order of the fields of an object means nothing. */
function sortKeys(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
