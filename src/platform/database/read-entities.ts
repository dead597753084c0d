import type { EntityClass, EntityManager, EntityMetadata, EntityProperty, Platform } from "@mikro-orm/postgresql";
import { type RawBuilder, sql } from "kysely";
import { preparedRows } from "./prepared-rows.ts";

/**
 * Entities to be read and never changed: no unit of work knows them, and their properties are plain. Those that the ORM
 * finds are made to be changed, which costs a page of a list more than everything else together.
 * The statement is prepared, see `preparedRows`.
 * @param rest what follows `from` in the statement, such as `where ... order by ...`
 */
export async function readEntities<T extends object>(
  em: EntityManager,
  entity: EntityClass<T>,
  rest: RawBuilder<unknown>,
): Promise<T[]> {
  const { tableName } = em.getMetadata().get(entity);
  const rows = await preparedRows(
    em,
    sql<object>`select ${columnsOf(em, entity)} from ${sql.table(tableName)} ${rest}`,
  );
  return rows.map(rowReader(em, entity));
}

/** The columns that `rowReader` needs: all of the entity but the lazy ones. */
export function columnsOf(em: EntityManager, entity: EntityClass<object>): RawBuilder<object> {
  const { tableName, props } = em.getMetadata().get(entity);
  return sql.join(readableProperties(props).map(({ fieldNames }) => sql.ref(`${tableName}.${fieldNames[0]}`)));
}

/** Makes an entity of a row with all columns but the lazy ones, as `readEntities` does. */
export function rowReader<T extends object>(em: EntityManager, entity: EntityClass<T>): (row: object) => T {
  const metadata = em.getMetadata().get(entity);
  let reader = readers.get(metadata);
  if (!reader) {
    reader = createReader(metadata, em.getPlatform());
    readers.set(metadata, reader);
  }
  return reader as (row: object) => T;
}

const readers = new WeakMap<EntityMetadata, (row: object) => object>();

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
