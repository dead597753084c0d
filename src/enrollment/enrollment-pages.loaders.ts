import type { EntityManager } from "@mikro-orm/postgresql";
import DataLoader from "dataloader";
import { type RawBuilder, sql } from "kysely";
import { asFilter } from "../platform/database/sql/hidden-from-index.ts";
import { preparedRows } from "../platform/database/sql/prepared-rows.ts";
import { columnsOf, rowReader, type Snapshot } from "../platform/database/sql/read-snapshots.ts";
import { type Page, type PageRequest, toPage } from "../platform/graphql/lists/connections.ts";
import { ascending, descending, type ListOrder, orderBy } from "../platform/graphql/lists/list-order.ts";
import type { Context } from "../platform/graphql/server/context.ts";
import { byKey, type LoaderDefinition } from "../platform/graphql/server/loaders.ts";
import { Enrollment, type EnrollmentRole, type EnrollmentStatus } from "./enrollment.entity.ts";

export const participantsOrder = ascending({ value: sql`sequence`, type: "bigint" });
export const userEnrollmentsOrder = descending({ value: sql`id`, type: "uuid" });

/** A page of the participants of one seminar. */
export interface ParticipantsKey {
  seminarId: string;
  request: PageRequest;
}

/** A page of the enrollments of one user, newest first. */
export interface UserEnrollmentsKey {
  userId: string;
  request: PageRequest;
  role: EnrollmentRole | null;
  status: EnrollmentStatus | null;
  /** Not null: only those in seminars that this user instructs, and not the dropped ones (A5). */
  instructorId: string | null;
}

/**
 * Participants, ACTIVE and DROPPED, in the order of joining. All pages of a level come in one statement, by index
 * enrollments_participants.
 */
export const participantsPage: LoaderDefinition<ParticipantsKey, Page<Snapshot<Enrollment>>> = byKey(
  (key) => `${key.seminarId} ${key.request.first} ${key.request.after}`,
  (context, keys) =>
    loadPages(context, keys, {
      ownerOf: (key) => key.seminarId,
      keyOf: (row) => row.sequence,
      ownedBy: (owner) => sql`seminar_id = ${owner} and role = 'PARTICIPANT' and status in ('ACTIVE', 'DROPPED')`,
      afterKey: sql`sequence > coalesce(asked.after::bigint, 0)`,
      order: participantsOrder,
    }),
);

/** All pages of a level with the same arguments come in one statement, by index enrollments_of_user. */
export const userEnrollmentsPage: LoaderDefinition<UserEnrollmentsKey, Page<Snapshot<Enrollment>>> = byKey(
  (key) => JSON.stringify([key.userId, key.request.first, key.request.after, filterOf(key)]),
  async (context, keys) => {
    const groups = Map.groupBy(keys, (key) => JSON.stringify(filterOf(key)));
    const pages = new Map<UserEnrollmentsKey, Page<Snapshot<Enrollment>>>();
    for (const group of groups.values()) {
      const loaded = await loadUserEnrollments(context, group);
      for (const [index, key] of group.entries()) pages.set(key, loaded[index] as Page<Snapshot<Enrollment>>);
    }
    return keys.map((key) => pages.get(key) as Page<Snapshot<Enrollment>>);
  },
);

function filterOf(key: UserEnrollmentsKey): (string | null)[] {
  return [key.role, key.status, key.instructorId];
}

function loadUserEnrollments(
  context: Context,
  keys: readonly UserEnrollmentsKey[],
): Promise<Page<Snapshot<Enrollment>>[]> {
  const [role, status, instructorId] = filterOf(keys[0] as UserEnrollmentsKey);
  const instructed = sql`status <> 'DROPPED' and exists (
    select from enrollments as led
    where led.user_id = ${instructorId} and led.seminar_id = enrollments.seminar_id
      and ${asFilter("led.role")} = 'INSTRUCTOR'
  )`;
  return loadPages(context, keys, {
    ownerOf: (key) => key.userId,
    keyOf: (row) => row.id,
    ownedBy: (owner) => sql`user_id = ${owner}
      ${role ? sql`and ${asFilter("role")} = ${role}` : sql``}
      ${status ? sql`and ${asFilter("status")} = ${status}` : sql``}
      ${instructorId ? sql`and ${instructed}` : sql``}`,
    afterKey: sql`id < coalesce(asked.after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')`,
    order: userEnrollmentsOrder,
  });
}

interface PagesQuery<Key> {
  /** The id of what the page hangs on. */
  ownerOf(key: Key): string;
  keyOf(row: Snapshot<Enrollment>): string;
  /** The condition on the rows of one owner. */
  ownedBy(owner: RawBuilder<unknown>): RawBuilder<unknown>;
  /** The condition on the rows after the cursor, whose key is `asked.after`; null is before all rows. */
  afterKey: RawBuilder<unknown>;
  order: ListOrder;
}

/**
 * The limit stands in a subquery, where PostgreSQL does not see it and walks along the index. It takes every owner to have
 * as many rows as any other, and where it saw that a page needs most of them, it would rather take all and sort them: of a
 * seminar with 10,000 people too.
 */
async function loadPages<Key extends { request: PageRequest }>(
  context: Context,
  keys: readonly Key[],
  { ownerOf, keyOf, ownedBy, afterKey, order }: PagesQuery<Key>,
): Promise<Page<Snapshot<Enrollment>>[]> {
  const limit = Math.max(...keys.map((key) => key.request.limit));
  const rows = await preparedRows(
    context.em,
    sql<{ place: string }>`select asked.place, page.*
      from unnest(${keys.map(ownerOf)}::uuid[], ${keys.map((key) => key.request.after?.[0] ?? null)}::text[])
        with ordinality as asked (owner, after, place)
      cross join lateral (
        select ${columnsOf(context.em, Enrollment)} from enrollments
        where ${ownedBy(sql`asked.owner`)} and ${afterKey}
        order by ${orderBy(order)} limit (select ${limit}::integer)
      ) as page`,
  );
  const totals = new DataLoader((owners: readonly string[]) => countByOwner(context.em, owners, ownedBy));
  const byPlace = Map.groupBy(rows, (row) => Number(row.place) - 1);
  return keys.map((key, place) => {
    const enrollments = toEnrollments(context.em, byPlace.get(place) ?? []).slice(0, key.request.limit);
    const keyed = enrollments.map((node) => ({ keys: [keyOf(node)], node }));
    return toPage(key.request, keyed, () => totals.load(ownerOf(key)));
  });
}

function toEnrollments(em: EntityManager, rows: readonly object[]): Snapshot<Enrollment>[] {
  return rows.map(rowReader(em, Enrollment));
}

async function countByOwner(
  em: EntityManager,
  owners: readonly string[],
  ownedBy: PagesQuery<unknown>["ownedBy"],
): Promise<number[]> {
  const rows = await preparedRows(
    em,
    sql<{ owner: string; total: string }>`select asked.owner, counted.total
      from unnest(${owners}::uuid[]) as asked (owner)
      cross join lateral (
        select count(*) as total from enrollments where ${ownedBy(sql`asked.owner`)}
      ) as counted`,
  );
  const totals = new Map(rows.map((row) => [row.owner, Number(row.total)]));
  return owners.map((owner) => totals.get(owner) ?? 0);
}
