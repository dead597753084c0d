import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RawBuilder, sql } from "kysely";
import type pg from "pg";
import { seminarOrders } from "../../src/catalogue/seminar-orders.ts";
import { StaffRole } from "../../src/platform/auth/staff-role.ts";
import { selectRows } from "../../src/platform/database/sql/select-rows.ts";
import { encodeCursor } from "../../src/platform/graphql/lists/cursors.ts";
import { keysOf, type ListOrder, orderBy } from "../../src/platform/graphql/lists/list-order.ts";
import { enrollmentOrders, joined } from "../../src/staff/enrollments/list-enrollments.ts";
import { userOrders } from "../../src/staff/users/user-orders.ts";
import type { GraphqlClient } from "../support/client.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { captureStatements, type Statement } from "./captured-statements.ts";
import { type MillionEnrollments, makeMillionEnrollments } from "./million-enrollments.ts";
import { planClient, type Visits, visitsOf } from "./plans.ts";

/**
 * How many rows a page of 20 may cost. What is rare takes most: one enrollment of 500 is found on a walk past 10,000, and
 * each of those may be looked at in two tables.
 */
const maxVisits = 25_000;
/** A text that fits many people may be looked for in each of them once, though never in each enrollment. */
const maxSearchVisits = 125_000;
/** Counting stops at 10,000; a text may have been looked for in each person and seminar before. */
const maxCountVisits = 200_000;

interface Case {
  orderBy?: string;
  filter?: object;
  after?: string;
}

describe("with 1,000,000 enrollments", () => {
  let server: TestServer;
  let staff: GraphqlClient;
  let data: MillionEnrollments;
  let postgres: pg.Client;
  beforeAll(async () => {
    server = await startTestServer();
    data = await makeMillionEnrollments(server.database);
    staff = (await server.world.person({ staffRole: StaffRole.VIEWER })).client.with({ beforeQuery: undefined });
    await server.database.replicated();
    postgres = planClient(server.database.url);
    await postgres.connect();
  }, 600_000);
  afterAll(async () => {
    await postgres.end();
    await server.stop();
  });

  /** What an operation costs: as it is carried out, statement by statement, those about the viewer aside. */
  async function visitsFor(list: string, type: string, fields: string, variables: Case): Promise<Visits[]> {
    const query = `query ($filter: ${type}Filter, $orderBy: ${type}Order, $after: String) {
      ${list}(filter: $filter, orderBy: $orderBy, after: $after) { ${fields} }
    }`;
    const statements = await captureStatements(() => staff.data(query, variables));
    const visits: Visits[] = [];
    for (const statement of statements.filter(isOfList)) visits.push(await visitsOf(postgres, statement));
    return visits;
  }

  /** The cursor of the item in the middle of the list. */
  async function middleOf(list: string, name: string, order: ListOrder, from: RawBuilder<unknown>, size: number) {
    const [row] = await selectRows(
      server.app.orm.em.fork(),
      sql<{ keys: string[] }>`select ${keysOf(order)} as keys from ${from}
        order by ${orderBy(order)} offset ${size / 2} limit 1`,
    );
    return encodeCursor(`${list}:${name}`, row?.keys ?? []);
  }

  /** The pages read little, and never all enrollments; all people only for a text, all seminars as they are few. */
  async function expectFewVisits(list: string, type: string, cases: Case[]) {
    const dear: object[] = [];
    for (const one of cases) {
      const isSearch = "search" in (one.filter ?? {});
      const visits = await visitsFor(list, type, "nodes { id }", one);
      const fullScans = visits.flatMap((visit) => visit.fullScans);
      const isWhole = fullScans.includes("enrollments") || (fullScans.includes("users") && !isSearch);
      const isMuch = visits.some(({ rows }) => rows > (isSearch ? maxSearchVisits : maxVisits));
      if (isWhole || isMuch || visits.length === 0) dear.push({ ...one, visits });
    }
    expect(dear).toEqual([]);
  }

  async function expectCheapCounts(list: string, type: string, filters: object[]) {
    const dear: object[] = [];
    for (const filter of filters) {
      const visits = await visitsFor(list, type, "totalCount", { filter });
      if (visits.some(({ rows }) => rows > maxCountVisits)) dear.push({ filter, visits });
    }
    expect(dear).toEqual([]);
  }

  /** One person, one seminar, some, and nearly all; in either script. */
  const texts = ["person-4711@", "유일", "한유일", "김서연", "서연", "lovelace", "Études 9999", "person", "a"];
  const searches = texts.map((search) => ({ search }));

  describe("users", () => {
    const filters = [
      {},
      { accepted: false },
      { accepted: true },
      { isStaff: true },
      { isStaff: false },
      { active: false },
      { active: true },
      { hasProfile: "INSTRUCTOR" },
      { hasProfile: "PARTICIPANT" },
      ...searches,
      { search: "lovelace", active: false },
    ];

    test.each(Object.entries(userOrders))("in the order %s come by indexes, few at a time", async (name, order) => {
      await expectFewVisits("users", "User", [
        ...filters.map((filter) => ({ orderBy: name, filter })),
        { orderBy: name, after: await middleOf("users", name, order, sql`users`, 100_000) },
      ]);
    });

    test("are counted as far as is cheap, and then about right", async () => {
      await expectCheapCounts("users", "User", filters);
      const { users } = await staff.data("{ users { totalCount } }");
      expect(users.totalCount).toBeGreaterThan(90_000);
      expect(users.totalCount).toBeLessThan(110_000);
    });
  });

  describe("enrollments", () => {
    const filters = () => [
      {},
      { seminarId: data.seminarId },
      { seminarId: data.seminarId, status: "DROPPED" },
      { userId: data.userId },
      { userId: data.userId, role: "INSTRUCTOR" },
      { role: "INSTRUCTOR" },
      { role: "PARTICIPANT" },
      { status: "ACTIVE" },
      { status: "WAITLISTED" },
      { status: "DROPPED" },
      { status: "DROPPED", role: "PARTICIPANT" },
      ...searches,
      { search: "lovelace", status: "WAITLISTED" },
      { search: "a", seminarId: data.seminarId },
    ];

    test.each(Object.entries(enrollmentOrders))(
      "in the order %s come by indexes, few at a time",
      async (name, { order, tables }) => {
        const after = await middleOf("allEnrollments", name, order, joined(tables), 1_000_000);
        await expectFewVisits("enrollments", "Enrollment", [
          ...filters().map((filter) => ({ orderBy: name, filter })),
          { orderBy: name, after },
        ]);
      },
    );

    test.each(["LATEST", "EARLIEST"])("of the largest seminar come few at a time, in the order %s", async (orderBy) => {
      await expectFewVisits("enrollments", "Enrollment", [{ orderBy, filter: { seminarId: data.largestSeminarId } }]);
    });

    // In a sample of 30,000 rows, those of 2,000 who wait are sometimes few.
    test.each([0.0006, 0.0012, 0.004])("come few at a time when the share who wait is taken for %d", async (share) => {
      await postgres.query("begin");
      try {
        await postgres.query(believeThatWait, [share]);
        for (const orderBy of Object.keys(enrollmentOrders)) {
          await expectFewVisits("enrollments", "Enrollment", [{ orderBy, filter: { status: "WAITLISTED" } }]);
        }
      } finally {
        await postgres.query("rollback");
      }
    });

    test("are counted as far as is cheap, and then about right", async () => {
      await expectCheapCounts("enrollments", "Enrollment", filters());
      const counts = await staff.data(`{
        all: enrollments { totalCount }
        dropped: enrollments(filter: { status: DROPPED }) { totalCount }
      }`);
      expect(counts.all.totalCount).toBeGreaterThan(900_000);
      expect(counts.all.totalCount).toBeLessThan(1_100_000);
      expect(counts.dropped.totalCount).toBeGreaterThan(40_000);
      expect(counts.dropped.totalCount).toBeLessThan(60_000);
    });
  });

  describe("seminars", () => {
    const filters = [
      {},
      { online: true },
      { hasFreeSeats: true },
      { status: "FINISHED" },
      { status: "CANCELLED" },
      { nameContains: "Études 9999" },
      { nameContains: "웹" },
      { nameContains: "a", online: false, hasFreeSeats: true },
    ];

    test.each(Object.entries(seminarOrders))("in the order %s come by indexes, few at a time", async (name, order) => {
      await expectFewVisits("seminars", "Seminar", [
        ...filters.map((filter) => ({ orderBy: name, filter })),
        { orderBy: name, after: await middleOf("seminars", name, order, sql`seminars`, 10_000) },
      ]);
    });

    test("are counted cheaply", async () => {
      await expectCheapCounts("seminars", "Seminar", filters);
    });
  });
});

/** What the planner knows of the statuses of enrollments: 5 of 100 are dropped, and this share waits. */
const believeThatWait = `
  select pg_restore_attribute_stats(
    'schemaname', 'public', 'relname', 'enrollments', 'attname', 'status', 'inherited', false,
    'null_frac', 0::real, 'avg_width', 9, 'n_distinct', 3::real,
    'most_common_vals', '{ACTIVE,DROPPED,WAITLISTED}', 'most_common_freqs', array[0.95 - $1, 0.05, $1]::real[]
  )`;

/** Not those that look up who asks, or that ask for an estimate. */
function isOfList({ text }: Statement): boolean {
  return /^(\/\* prepared \*\/ )?select/i.test(text) && !text.includes("sessions");
}
