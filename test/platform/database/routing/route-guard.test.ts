import type { ApolloServer } from "@apollo/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { GraphQLBoolean, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { sql } from "kysely";
import { pino } from "pino";
import { entities } from "../../../../src/app/entities.ts";
import { Seminar } from "../../../../src/catalogue/seminar.entity.ts";
import { createRoutedOrm } from "../../../../src/platform/database/connections/orm.ts";
import { currentRoute, Route, withRoute } from "../../../../src/platform/database/routing/route.ts";
import { selectRows } from "../../../../src/platform/database/sql/select-rows.ts";
import type { Context } from "../../../../src/platform/graphql/server/context.ts";
import { createContext } from "../../../../src/platform/graphql/server/create-context.ts";
import { createGraphqlServer } from "../../../../src/platform/graphql/server/graphql-server.ts";
import { Locale } from "../../../../src/platform/locale.ts";
import { createTestDatabase, type TestDatabase } from "../../../support/database.ts";
import { type OpenServers, openTestServers } from "../../../support/open-servers.ts";

/** What a resolver may do with the database; the answer is whether it came to a replica. */
const onReplica = sql<{ yes: boolean }>`select pg_is_in_recovery() as yes`;
const deeds: Record<string, (em: EntityManager) => Promise<boolean>> = {
  reads: async (em) => (await selectRows(em, onReplica))[0]?.yes ?? false,
  finds: async (em) => (await em.count(Seminar)) === 0 && currentRoute()?.servedBy === "replica-1",
  executes: async (em) => (await onReplica.execute(em.getKysely({ type: "write" }))).rows[0]?.yes ?? false,
  transacts: async (em) =>
    await em.transactional(async (inside) => (await selectRows(inside, onReplica))[0]?.yes ?? false),
  deletes: async (em) => (await em.nativeDelete(Seminar, {})) < 0,
};

const fields = Object.fromEntries(
  Object.entries(deeds).map(([name, deed]) => [
    name,
    { type: GraphQLBoolean, resolve: (_root: unknown, _args: unknown, context: Context) => deed(context.em) },
  ]),
);
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { ...fields, nothing: { type: GraphQLString } } }),
  mutation: new GraphQLObjectType({ name: "Mutation", fields }),
});

describe("the guard of the route", () => {
  let database: TestDatabase;
  let opened: OpenServers;
  let orm: MikroORM;
  let graphql: ApolloServer<Context>;
  let violations: string[];
  beforeAll(async () => {
    database = await createTestDatabase();
    opened = await openTestServers(database);
    orm = await createRoutedOrm(opened.servers, entities);
    graphql = createGraphqlServer({
      schema,
      isExplorable: false,
      exposeRoute: true,
      findViewer: async () => null,
      idempotency: { secret: "secret", mutationsWithoutKeys: new Set() },
      sharedReads: { windowMs: 0, goesOn: () => false, onRead: () => {} },
      newRoute: () => new Route(opened.servers, () => {}),
      onAnswered: () => {},
    });
    await graphql.start();
  });
  beforeEach(() => {
    violations = [];
  });
  afterAll(async () => {
    await graphql.stop();
    await orm.close();
    await opened.close();
    await database.drop();
  });

  async function run(query: string, { isProduction = false, among = opened.servers } = {}) {
    const route = new Route(among, (violation) => {
      violations.push(violation.message);
      if (!isProduction) throw violation;
    });
    const contextValue = createContext({
      requestId: "test",
      address: "127.0.0.1",
      services: {} as never,
      hasLeft: () => false,
      newEm: () => orm.em.fork(),
      newAudit: () => orm.em.fork(),
      route,
      log: pino({ level: "silent" }),
      claims: null,
      findLocale: () => Locale.EN,
    });
    const response = await withRoute(route, () => graphql.executeOperation({ query }, { contextValue }));
    if (response.body.kind !== "single") throw new Error("One answer was expected.");
    const { data, errors } = response.body.singleResult;
    return { data: data && { ...data }, codes: errors?.map((error) => error.extensions?.code), route };
  }

  test.each(["reads", "finds"])("lets a query operation that %s do so, at the replica", async (deed) => {
    const { data, codes, route } = await run(`{ ${deed} }`);
    expect({ data, codes }).toEqual({ data: { [deed]: true }, codes: undefined });
    expect(route).toMatchObject({ servedBy: "replica-1", statements: 1 });
    expect(violations).toEqual([]);
  });

  test.each(["executes", "transacts", "deletes"])(
    "fails a query operation that %s on the side for writing, before any statement is sent",
    async (deed) => {
      const { data, codes, route } = await run(`{ ${deed} }`);
      expect({ data, codes }).toEqual({ data: { [deed]: null }, codes: ["INTERNAL_SERVER_ERROR"] });
      expect(violations).toEqual(["A query operation asked for a connection to write with."]);
      expect(route.statements).toBe(0);
    },
  );

  test.each(["executes", "transacts"])(
    "in production, answers a query operation that %s, and tells of it",
    async (deed) => {
      const { data, codes } = await run(`{ ${deed} }`, { isProduction: true });
      expect({ data, codes }).toEqual({ data: { [deed]: false }, codes: undefined });
      expect(violations).toHaveLength(1);
    },
  );

  test("watches also when there is no replica", async () => {
    const alone = await openTestServers({ ...database, replicaUrls: [] });
    const { codes, route } = await run("{ transacts }", { among: alone.servers });
    await alone.close();
    expect(codes).toEqual(["INTERNAL_SERVER_ERROR"]);
    expect(route.servedBy).toBe("primary");
  });

  test.each(["reads", "executes", "transacts", "deletes"])(
    "lets a mutation operation that %s do so, at the primary",
    async (deed) => {
      const { data, codes, route } = await run(`mutation { ${deed} }`);
      expect({ data, codes }).toEqual({ data: { [deed]: false }, codes: undefined });
      expect(route.servedBy).toBe("primary");
      expect(violations).toEqual([]);
    },
  );

  test("counts every statement, those of transactions too", async () => {
    const { route } = await run("mutation { reads transacts }");
    // One alone; begin, one inside, commit.
    expect(route.statements).toBe(4);
  });

  test("does not concern what runs outside of any operation: that goes to the primary", async () => {
    expect(await deeds.reads?.(orm.em.fork())).toBe(false);
    expect(await deeds.transacts?.(orm.em.fork())).toBe(false);
  });
});
