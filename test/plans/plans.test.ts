import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type pg from "pg";
import { openSession } from "../../src/accounts/sessions/open-session.ts";
import { User } from "../../src/accounts/users/user.entity.ts";
import { encodeCursor } from "../../src/platform/graphql/lists/cursors.ts";
import type { GraphqlClient } from "../support/client.ts";
import { startTestServer, type TestServer } from "../support/test-server.ts";
import { captureStatements, type Statement } from "./captured-statements.ts";
import { type LargeData, makeLargeData } from "./large-data.ts";
import { planClient, type Scan, scansOf } from "./plans.ts";

const card = "username firstName participant { university }";

describe("with 200,000 enrollments", () => {
  let server: TestServer;
  let data: LargeData;
  let postgres: pg.Client;
  beforeAll(async () => {
    server = await startTestServer();
    data = await makeLargeData(server.database);
    await server.database.replicated();
    postgres = planClient(server.database.url);
    await postgres.connect();
  }, 120_000);
  afterAll(async () => {
    await postgres.end();
    await server.stop();
  });

  async function clientOf(userId: string): Promise<GraphqlClient> {
    const em = server.app.orm.em.fork();
    const user = await em.findOneOrFail(User, { id: userId });
    const { token } = await openSession({ services: server.app.services } as never, em, user);
    await em.flush();
    await server.database.replicated();
    return server.anonymous.with({ token, beforeQuery: undefined });
  }

  /** What the server sends to answer the operation. */
  function statementsOf(client: GraphqlClient, query: string, variables: object): Promise<Statement[]> {
    return captureStatements(() => client.data(query, variables));
  }

  /** The scans of an operation, none of which may read a large table from end to end. */
  async function scansFor(client: GraphqlClient, query: string, variables: object): Promise<Scan[]> {
    const scans: Scan[] = [];
    for (const statement of await statementsOf(client, query, variables)) {
      if (/^(begin|commit|start|set)/i.test(statement.text)) continue;
      scans.push(...(await scansOf(postgres, statement)));
    }
    expect(scans.filter((scan) => scan.kind === "Seq Scan")).toEqual([]);
    return scans;
  }

  function indexesOf(scans: Scan[]): string[] {
    return [...new Set(scans.flatMap((scan) => scan.index ?? []))].sort();
  }

  function conditionOn(scans: Scan[], index: string): string {
    return scans.find((scan) => scan.index === index)?.condition ?? "";
  }

  test("there are as many as that", async () => {
    const [counts] = await server.database.sql(
      `select (select count(*) from users) as users, (select count(*) from seminars) as seminars,
         (select count(*) from enrollments) as enrollments`,
    );
    expect(counts).toEqual({ users: "22001", seminars: "2000", enrollments: expect.stringMatching(/^2[01]\d{4}$/) });
  });

  describe("the list of seminars", () => {
    const list = `query ($after: String, $orderBy: SeminarOrder) { seminars(after: $after, orderBy: $orderBy) {
      nodes { name participantCount instructors { user { ${card} } } }
    } }`;
    const indexes = ["enrollments_instructors", "seminars_pkey", "users_pkey"];

    test.each(["LATEST", "EARLIEST"])("in the order %s comes by the primary key", async (orderBy) => {
      const scans = await scansFor(server.anonymous.with({ beforeQuery: undefined }), list, { orderBy });
      expect(indexesOf(scans)).toEqual(indexes);
    });

    test.each([
      ["LATEST", "<"],
      ["EARLIEST", ">"],
    ])("in the order %s has deep pages that begin at their cursor", async (orderBy, sign) => {
      const after = encodeCursor(`seminars:${orderBy}`, [data.seminarIds[1_000] as string]);
      const scans = await scansFor(server.anonymous.with({ beforeQuery: undefined }), list, { orderBy, after });
      expect(indexesOf(scans)).toEqual(indexes);
      expect(conditionOn(scans, "seminars_pkey")).toMatch(new RegExp(`^\\(id ${sign} '${data.seminarIds[1_000]}'`));
    });

    test("with the viewer's place and chances asks indexes only", async () => {
      const chances = `{ seminars { nodes {
        viewerEnrollment { status waitlistPosition } joinEligibility asInstructor: joinEligibility(role: INSTRUCTOR)
      } } }`;
      const scans = await scansFor(await clientOf(data.userId), chances, {});
      expect(indexesOf(scans)).toEqual(
        expect.arrayContaining([
          "enrollments_leads_one_seminar",
          "enrollments_one_per_user_and_seminar",
          "enrollments_waiting_list",
        ]),
      );
    });
  });

  describe("the detail of a seminar", () => {
    const detail = `query ($id: ID!, $after: String) { seminar(id: $id) {
      name participants(first: 100, after: $after) { totalCount nodes { status user { ${card} } } }
    } }`;

    test("has its participants by an index, on the first page", async () => {
      const scans = await scansFor(await clientOf(data.strangerId), detail, { id: data.seminarId });
      expect(indexesOf(scans)).toEqual(expect.arrayContaining(["enrollments_participants", "users_pkey"]));
    });

    test("has its participants from the cursor on, on a deep page", async () => {
      const [deep] = await server.database.sql<{ sequence: string }>(
        `select sequence from enrollments where seminar_id = $1 and role = 'PARTICIPANT' and status = 'ACTIVE'
         order by sequence offset 9000 limit 1`,
        [data.seminarId],
      );
      const after = encodeCursor(`participants:${data.seminarId}`, [deep?.sequence as string]);
      const scans = await scansFor(await clientOf(data.strangerId), detail, { id: data.seminarId, after });
      const condition = conditionOn(scans, "enrollments_participants");
      expect(condition).toMatch(/seminar_id = /);
      expect(condition).toMatch(/sequence > /);
    });

    test("A5: as its instructor sees it asks indexes only", async () => {
      const contacts = detail.replace(card, "email enrollments(first: 3) { totalCount nodes { status } }");
      await scansFor(await clientOf(data.instructorId), contacts.replace("100", "20"), { id: data.seminarId });
    });
  });

  describe("the viewer's enrollments", () => {
    const places = `query ($after: String, $role: EnrollmentRole, $status: EnrollmentStatus) { viewer {
      enrollments(first: 20, after: $after, role: $role, status: $status) {
        totalCount nodes { status waitlistPosition seminar { name instructors { user { ${card} } } } }
      }
    } }`;

    test.each([{}, { role: "PARTICIPANT" }, { status: "DROPPED" }])(
      "with the filter %j come by an index",
      async (filter) => {
        const scans = await scansFor(await clientOf(data.userId), places, filter);
        expect(indexesOf(scans)).toEqual(
          expect.arrayContaining(["enrollments_of_user", "sessions_pkey", "users_pkey"]),
        );
      },
    );

    test("come from the cursor on, on a deep page", async () => {
      const [deep] = await server.database.sql<{ id: string }>(
        "select id from enrollments where user_id = $1 order by id desc offset 1000 limit 1",
        [data.userId],
      );
      const after = encodeCursor(`enrollments:${data.userId}`, [deep?.id as string]);
      const scans = await scansFor(await clientOf(data.userId), places, { after });
      const condition = conditionOn(scans, "enrollments_of_user");
      expect(condition).toMatch(/user_id = /);
      expect(condition).toMatch(/id < /);
    });
  });

  describe("a mutation", () => {
    /**
     * How often the statements read a table from end to end, with everything that triggers and foreign keys do: they
     * are carried out once more, in a transaction that is rolled back.
     */
    async function fullScansOf(statements: Statement[]): Promise<object[]> {
      await postgres.query("begin");
      try {
        for (const { text, values } of statements) {
          if (!/^(begin|commit|start|rollback)/i.test(text)) await postgres.query(text, values);
        }
        // The tables of the queue hold a few rows here, which an index would not find any sooner.
        const { rows } = await postgres.query(
          `select relname, seq_scan::int from pg_stat_xact_user_tables
           where seq_scan > 0 and schemaname = 'public' order by relname`,
        );
        return rows;
      } finally {
        await postgres.query("rollback");
      }
    }

    const input = (name: string, more = "") =>
      `mutation ($id: ID!) { ${name}(input: { seminarId: $id${more} }) { __typename } }`;

    test("that joins asks indexes only, and so does what it sets off", async () => {
      const client = await clientOf(data.strangerId);
      const id = data.seminarIds[1] as string;
      const joining = await statementsOf(client, input("joinSeminar", ", onFull: WAITLIST"), { id });
      expect(joining.some(({ text }) => text.startsWith("insert"))).toBe(true);
      await server.database.sql("delete from enrollments where user_id = $1", [data.strangerId]);
      expect(await fullScansOf(joining)).toEqual([]);
    });

    test("that drops asks indexes only, and so does what it sets off", async () => {
      const client = await clientOf(data.userId);
      const dropping = await statementsOf(client, input("dropSeminar"), { id: data.seminarId });
      expect(dropping.some(({ text }) => text.startsWith("update"))).toBe(true);
      expect(await fullScansOf(dropping)).toEqual([]);
    });

    test("that cancels asks indexes only, and so does what it sets off", async () => {
      const client = await clientOf(data.instructorId);
      const cancelling = await statementsOf(client, input("cancelSeminar"), { id: data.seminarId });
      expect(cancelling.some(({ text }) => text.startsWith("delete"))).toBe(true);
      await server.database.sql("update seminars set status = 'SCHEDULED' where id = $1", [data.seminarId]);
      expect(await fullScansOf(cancelling)).toEqual([]);
    });
  });
});
