import type { EntityClass } from "@mikro-orm/postgresql";
import DataLoader from "dataloader";
import { sql } from "kysely";
import { readSnapshots, type Snapshot } from "../../database/sql/read-snapshots.ts";
import type { Context } from "./context.ts";

/** Makes the loader of one operation; `context.load(definition)` gives the same loader for the same definition. */
export type LoaderDefinition<Key, Value> = (context: Context) => DataLoader<Key, Value, string>;

/** Loads entities by id: null for an id that is unknown. */
export function entityById<T extends { id: string }>(
  entity: EntityClass<T>,
): LoaderDefinition<string, Snapshot<T> | null> {
  return byKey(
    (id) => id,
    async (context, ids) => {
      const found = await readSnapshots(context.em, entity, sql`where id = any(${ids}::uuid[])`);
      const byId = new Map(found.map((item) => [item.id, item]));
      return ids.map((id) => byId.get(id) ?? null);
    },
  );
}

/** A loader whose keys may be objects: two keys with the same text are one. */
export function byKey<Key, Value>(
  textOf: (key: Key) => string,
  loadAll: (context: Context, keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): LoaderDefinition<Key, Value> {
  return (context) =>
    new DataLoader<Key, Value, string>((keys) => loadAll(context, keys) as Promise<(Value | Error)[]>, {
      cacheKeyFn: textOf,
    });
}

/** What a foreign key says must be there. */
export function found<T>(item: T | null): T {
  if (item === null) throw new Error("A row that a foreign key points to is not there.");
  return item;
}
