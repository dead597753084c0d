import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { recentlyEndedSessions } from "../accounts/sessions/end-sessions.ts";
import { viewersOfSessions } from "../accounts/sessions/viewers-of-sessions.ts";
import type { Config } from "../config.ts";
import { EndedSessions } from "../platform/auth/ended-sessions.ts";
import { KnownSessions } from "../platform/auth/known-sessions.ts";
import { RateLimits } from "../platform/auth/rate-limits.ts";
import { SessionTokens } from "../platform/auth/session-tokens.ts";
import { BatchedOperations } from "../platform/batching/batched-operations.ts";
import { measureBatching } from "../platform/batching/batching-metrics.ts";
import { PrimaryPool } from "../platform/database/connections/primary-pool.ts";
import type { Servers } from "../platform/database/connections/servers.ts";
import { measureServers } from "../platform/database/database-metrics.ts";
import { currentRoute, Route, type RouteOptions, withRoute } from "../platform/database/routing/route.ts";
import type { Topology } from "../platform/database/routing/topology/topology.ts";
import type { Context, Services } from "../platform/graphql/server/context.ts";
import { createContext } from "../platform/graphql/server/create-context.ts";
import { createGraphqlServer } from "../platform/graphql/server/graphql-server.ts";
import { createHttpServer } from "../platform/http/http-server.ts";
import { measureQueue } from "../platform/jobs/queue-metrics.ts";
import { preferredLocale } from "../platform/locale.ts";
import { Metrics } from "../platform/metrics.ts";
import { type ConnectionSettings, connectDatabases } from "./connect-databases.ts";
import type { DatabaseUrls } from "./database-urls.ts";
import { addMailRoutes } from "./dev/mail-routes.ts";
import { healthOf } from "./health-of.ts";
import { mutationsWithoutKeys } from "./mutations-without-keys.ts";
import type { Serving } from "./processes/http-frontend.ts";
import { recordOperation } from "./record-operation.ts";
import { reportViolation } from "./report-violation.ts";
import { createSchema } from "./schema.ts";
import { listen } from "./startup/listen.ts";

/** Only staff who read the audit trail need it. */
const auditPoolSize = 2;

/** Who holds one waits for nothing else, and for no longer than a statement takes. */
const limitsPoolSize = 4;

/** For the watch of ended sessions, and for whoever reads the metrics. */
const ownPoolSize = 2;

/** So many operations share a transaction that the rest hardly counts, and few enough that it is over in a moment. */
const maxBatchSize = 256;

/** One server process, put together. */
export interface App extends Serving {
  readonly schema: GraphQLSchema;
  readonly orm: MikroORM;
  readonly services: Services;
  readonly topology: Topology;
  /** @param port instead of the one of the configuration */
  listen(port?: number): Promise<string>;
}

/** @param tellMetrics what `/metrics` answers; unless given, what this process has counted */
export async function createApp(
  config: Config,
  databases: DatabaseUrls,
  log: Logger,
  tellMetrics?: () => Promise<string>,
): Promise<App> {
  const metrics = new Metrics();
  const connections = await connectDatabases(config, databases, connectionsOf(config), log);
  const { servers, orm, auditOrm } = connections;
  const { topology } = servers;
  measureServers(metrics.registry, servers);
  measureQueue(metrics.registry, new PrimaryPool(servers, "own"), (err) => log.warn({ err }, "cannot see the queue"));
  const schema = createSchema();
  const isExplorable = config.environment !== "production";
  const onViolation = reportViolation(config.environment, metrics, log);
  const newRoute = (options: RouteOptions) => new Route(servers, onViolation, options);
  const ownRoute = newRoute({ lane: "own" });
  const batched = new BatchedOperations({
    em: orm.em,
    newRoute,
    maxSize: maxBatchSize,
    maxWaiting: config.database.poolQueueLimit,
    maxWaitMs: config.database.poolWaitMs,
    onBatch: (work, size) => metrics.groupSize.observe({ work }, size),
    onSplit: (work, err) => log.error({ err, work }, "a batch failed; it is tried again in parts"),
  });
  measureBatching(metrics.registry, batched);
  const services = createServices(config, servers, batched);
  const knownSessions = new KnownSessions(services.endedSessions);

  const graphql = createGraphqlServer({
    schema,
    isExplorable,
    exposeRoute: config.http.exposeRoute,
    newRoute,
    findViewer: async (context, claims) => {
      if (services.endedSessions.has(claims.sessionId)) return null;
      const viewer = await context.readBatched(viewersOfSessions, claims);
      if (viewer !== "unknown") knownSessions.found(claims.sessionId, viewer !== null);
      return viewer;
    },
    sharedReads: {
      windowMs: config.database.sharedReadMs,
      goesOn: ({ sessionId }) => knownSessions.goesOn(sessionId),
      onRead: (outcome) => metrics.sharedReads.inc({ outcome }),
    },
    idempotency: { secret: config.sessions.secret, mutationsWithoutKeys },
    onAnswered: (operation) => recordOperation(operation, metrics),
  });
  const stopWatching = services.endedSessions.watch(
    () => withRoute(ownRoute, () => recentlyEndedSessions(orm.em.fork())),
    (err) => log.warn({ err }, "cannot see which sessions have ended"),
  );
  await graphql.start();
  const http = await createHttpServer({
    graphql,
    isExplorable,
    trustProxy: config.http.trustProxy,
    hasSecureCookies: config.environment === "production",
    createContext: (request) => contextOf(request, { em: orm.em, audit: auditOrm.em }, services, log),
    health: () => healthOf(topology),
    metrics: async () => {
      const text = tellMetrics ? await tellMetrics() : await metrics.registry.metrics();
      return { contentType: metrics.registry.contentType, text };
    },
    onError: (err, requestId) => log.error({ err, requestId }, "a request failed outside the graph"),
  });

  if (config.environment === "development") addMailRoutes(http, config.mail.folder);

  let draining: Promise<void> | undefined;
  const drainOnce = () => {
    draining ??= drain(http, config.http.drainTimeoutMs);
    return draining;
  };
  return {
    schema,
    orm,
    services,
    metrics,
    topology,
    listen: (port = config.http.port) => listen(http, { host: config.http.host, port }),
    drain: drainOnce,
    close: async () => {
      await drainOnce();
      await graphql.stop();
      await stopWatching();
      await connections.close();
    },
  };
}

/** Mutations, queries and staff take no connections from each other. */
function connectionsOf({ database }: Config): ConnectionSettings {
  return {
    lanes: {
      write: { size: database.poolSize },
      read: { size: database.poolSize },
      staff: { size: database.staffPoolSize, statementTimeoutMs: database.staffStatementTimeoutMs },
      limits: { size: limitsPoolSize },
      own: { size: ownPoolSize },
    },
    audit: { size: auditPoolSize },
  };
}

function createServices(config: Config, servers: Servers, batched: BatchedOperations): Services {
  return {
    batched,
    sessionTokens: new SessionTokens(config.sessions.secret),
    limits: new RateLimits(new PrimaryPool(servers, "limits")),
    endedSessions: new EndedSessions(),
    settings: {
      sessionDays: config.sessions.days,
      acceptParticipants: config.accounts.acceptParticipants,
    },
  };
}

async function contextOf(
  request: FastifyRequest,
  { em, audit }: { em: EntityManager; audit: EntityManager },
  services: Services,
  log: Logger,
): Promise<Context> {
  const route = currentRoute();
  if (!route) throw new Error("A request to the graph has no route.");
  const [, token] = request.headers.authorization?.match(/^Bearer (\S+)$/i) ?? [];
  return createContext({
    requestId: request.id,
    address: request.ip,
    services,
    newEm: () => em.fork(),
    newAudit: () => audit.fork(),
    route,
    log: log.child({ requestId: request.id }),
    claims: token ? await services.sessionTokens.verify(token) : null,
    findLocale: () => preferredLocale(request.headers["accept-language"]),
    hasLeft: () => request.socket.destroyed,
  });
}

/** Lets nothing in any more and answers what was let in; what takes longer than it may is cut off. */
async function drain(http: FastifyInstance, timeoutMs: number): Promise<void> {
  const overdue = setTimeout(() => http.server.closeAllConnections(), timeoutMs);
  await http.close();
  clearTimeout(overdue);
}
