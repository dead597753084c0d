import { sql } from "kysely";
import { preparedRows } from "../platform/database/sql/prepared-rows.ts";
import { columnsOf, rowReader, type Snapshot } from "../platform/database/sql/read-snapshots.ts";
import { byKey, entityById } from "../platform/graphql/server/loaders.ts";
import { Seminar } from "./seminar.entity.ts";

export const seminarById = entityById(Seminar);

/** Seminars with their descriptions, for a page about a single one. */
export const seminarInFull = byKey<string, Snapshot<Seminar> | null>(
  (id) => id,
  async (context, ids) => {
    const { em } = context;
    const rows = await preparedRows(
      em,
      sql<Pick<Seminar, "id" | "description">>`select ${columnsOf(em, Seminar)}, seminars.description
        from seminars where id = any(${ids}::uuid[])`,
    );
    const seminarOf = rowReader(em, Seminar);
    const seminars = new Map(
      rows.map((row) => [row.id, Object.assign(seminarOf(row), { description: row.description })]),
    );
    for (const [id, seminar] of seminars) context.load(seminarById).prime(id, seminar);
    return ids.map((id) => seminars.get(id) ?? null);
  },
);

/** The descriptions of seminars that were read without them. */
export const descriptionBySeminar = byKey<string, string | null>(
  (id) => id,
  async (context, ids) => {
    const rows = await preparedRows(
      context.em,
      sql<Pick<Seminar, "id" | "description">>`select id, description from seminars where id = any(${ids}::uuid[])`,
    );
    const descriptions = new Map(rows.map(({ id, description }) => [id, description]));
    return ids.map((id) => descriptions.get(id) ?? null);
  },
);
