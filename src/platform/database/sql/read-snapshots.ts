import type { EntityClass, EntityManager, EntityMetadata, EntityProperty, Platform } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { preparedRows } from "./prepared-rows.ts";

/**
 * An entity as it was read. It is not managed by the ORM: no unit of work would notice a change to it, so it cannot be
 * written to.
 */
export type Snapshot<T> = { readonly [Key in keyof T]: T[Key] };

/**
 * Reads entities without the ORM's change tracking, which would cost a page of a list more than everything else together.
 * The statement is prepared, see `preparedRows`.
 * @param rest what follows the table in the statement, such as `where ... order by ...`
 */
export async function readSnapshots<T extends object>(
  em: EntityManager,
  entity: EntityClass<T>,
  rest: RawBuilder<unknown>,
): Promise<Snapshot<T>[]> {
  const { tableName } = em.getMetadata().get(entity);
  const rows = await preparedRows(
    em,
    sql<object>`select ${columnsOf(em, entity)} from ${sql.table(tableName)} ${rest}`,
  );
  return rows.map(rowReader(em, entity));
}

/** The columns that `rowReader` needs: all of the entity but the lazy ones. */
export function columnsOf(em: EntityManager, entity: EntityClass<object>): RawBuilder<object> {
  return readerOf(em, entity).columns;
}

/** Makes a snapshot of a row with all columns but the lazy ones, as `readSnapshots` does. */
export function rowReader<T extends object>(em: EntityManager, entity: EntityClass<T>): (row: object) => Snapshot<T> {
  return readerOf(em, entity).read as (row: object) => Snapshot<T>;
}

/** How the rows of one entity are read. */
interface EntityReader {
  readonly columns: RawBuilder<object>;
  read(row: object): object;
}

const readers = new WeakMap<EntityMetadata, EntityReader>();

function readerOf(em: EntityManager, entity: EntityClass<object>): EntityReader {
  const metadata: EntityMetadata = em.getMetadata().get(entity);
  let reader = readers.get(metadata);
  if (!reader) {
    const platform = em.getPlatform();
    reader = { columns: columnNames(metadata, platform), read: createReader(metadata, platform) };
    readers.set(metadata, reader);
  }
  return reader;
}

function columnNames({ tableName, props }: EntityMetadata, platform: Platform): RawBuilder<object> {
  const names = readableProperties(props).map(({ fieldNames }) => `${tableName}.${fieldNames[0]}`);
  return sql.raw(names.map((name) => platform.quoteIdentifier(name)).join(", "));
}

function createReader({ prototype, props }: EntityMetadata, platform: Platform): (row: object) => object {
  const fields = readableProperties(props).map((property) => ({
    name: property.name as string,
    column: property.fieldNames[0] as string,
    convert: converterOf(property, platform),
  }));
  const plain = withPlainProperties(
    prototype,
    props.map(({ name }) => name),
  );
  return (row) => {
    const item: Record<string, unknown> = Object.create(plain);
    for (const { name, column, convert } of fields) {
      const value = (row as Record<string, unknown>)[column];
      item[name] = value === null || !convert ? value : convert(value);
    }
    return item;
  };
}

function readableProperties(props: readonly EntityProperty[]): EntityProperty[] {
  return props.filter((property) => !property.lazy);
}

/** How the ORM converts what the driver gives for a column; null: it takes the value as it is. */
function converterOf(property: EntityProperty, platform: Platform): ((value: unknown) => unknown) | null {
  const { customType, runtimeType } = property;
  if (customType) return (value) => customType.convertToJSValue(value, platform);
  return runtimeType === "Date" ? (value) => platform.parseDate(value as string) : null;
}

/** A prototype between the entity's and its items: it hides the setters that the ORM has put on the entity's. */
function withPlainProperties(prototype: object, names: readonly string[]): object {
  return Object.create(
    prototype,
    Object.fromEntries(names.map((name) => [name, { value: undefined, writable: true }])),
  );
}
