import { type RawBuilder, sql } from "kysely";
import { isUuid } from "../input/ids.ts";
import { isStorable } from "../input/input-rules.ts";

/** What a list is sorted by: never null, so that any two values can be compared. */
export interface SortColumn {
  /** An expression of SQL. The index that the order needs has the same one. */
  readonly value: RawBuilder<unknown>;
  readonly type: KeyType;
}

/**
 * The order of a list. Its columns together tell any two items apart, all go one way, and an index has them in this order:
 * so a page begins where the one before it ended, without reading what lies before (keyset pagination).
 */
export interface ListOrder {
  readonly columns: readonly SortColumn[];
  readonly direction: "asc" | "desc";
}

/** The types of PostgreSQL that a list can be sorted by. */
export type KeyType = "uuid" | "text" | "date" | "integer" | "bigint";

export function ascending(...columns: SortColumn[]): ListOrder {
  return { columns, direction: "asc" };
}

export function descending(...columns: SortColumn[]): ListOrder {
  return { columns, direction: "desc" };
}

/**
 * Text in the order of people: capital and small letters together, each script in its own order, on every server (UCA's
 * root collation).
 */
export function sortText(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`lower(${text}) collate "und-x-icu"`;
}

/** As `sortText`, with what is null after every text: no character weighs more than U+FFFF (UTS #35). */
export function sortTextOrNone(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce(lower(${text}), U&'\\FFFF') collate "und-x-icu"`;
}

/** Whether texts that came with a cursor can be keys of the order. */
export function areKeysOf({ columns }: ListOrder, keys: readonly string[]): boolean {
  return keys.length === columns.length && columns.every(({ type }, index) => isKey[type](keys[index] as string));
}

/** The keys of a row: what its cursor holds. */
export function keysOf({ columns }: ListOrder): RawBuilder<string[]> {
  return sql`array[${sql.join(columns.map(({ value }) => sql`(${value})::text`))}]`;
}

/**
 * The condition on the rows after these keys. What it says of all columns but the last follows from the rest, and lets an
 * index begin there even when the last column is that of another table.
 */
export function isAfter({ columns, direction }: ListOrder, keys: readonly string[]): RawBuilder<unknown> {
  const beyond = direction === "asc" ? sql`>` : sql`<`;
  const values = columns.map(({ value }) => value);
  const bounds = columns.map(({ type }, index) => sql`cast(${keys[index]} as ${sql.raw(type)})`);
  const isBeyond = sql`row(${sql.join(values)}) ${beyond} row(${sql.join(bounds)})`;
  if (columns.length === 1) return isBeyond;
  return sql`row(${sql.join(values.slice(0, -1))}) ${beyond}= row(${sql.join(bounds.slice(0, -1))}) and ${isBeyond}`;
}

export function orderBy({ columns, direction }: ListOrder): RawBuilder<unknown> {
  return sql.join(columns.map(({ value }) => sql`${value} ${sql.raw(direction)}`));
}

const isKey: Record<KeyType, (key: string) => boolean> = {
  uuid: isUuid,
  text: isStorable,
  date: (key) => key === "infinity" || isDate(key),
  integer: (key) => /^\d{1,9}$/.test(key),
  bigint: (key) => /^\d{1,18}$/.test(key),
};

function isDate(key: string): boolean {
  const date = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(key) ? new Date(`${key}T00:00:00Z`) : null;
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(key);
}
