import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { v7 as uuidv7 } from "uuid";
import { consistencyTokenName, tokenCookie } from "../database/routing/consistency-token.ts";
import { maxBodyBytes } from "../graphql/limits/limits.ts";
import type { Context } from "../graphql/server/context.ts";
import { addHealthRoutes, type HealthOptions } from "./health-routes.ts";
import { toHttpError } from "./http-errors.ts";

export interface HttpServerOptions extends HealthOptions {
  graphql: ApolloServer<Context>;
  createContext(request: FastifyRequest): Promise<Context>;
  /** Apollo Sandbox needs to load its page, and to call from its own address. */
  isExplorable: boolean;
  /** Whether browsers send cookies over HTTPS only. */
  hasSecureCookies: boolean;
  /** Whose `X-Forwarded-For` is believed; see Fastify's `trustProxy`. */
  trustProxy: string | undefined;
  /** Hears of faults of ours outside the graph. */
  onError(error: unknown, requestId: string): void;
}

const sandboxOrigins = ["https://studio.apollographql.com", "https://sandbox.embed.apollographql.com"];

/** The HTTP server: the graph, health, metrics. Closing it answers what was let in and lets nothing else in. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const answerError = (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    const answer = toHttpError(error);
    if (answer.isInternal) options.onError(error, request.id);
    return reply.code(answer.status).type("application/json; charset=utf-8").send(answer.body(request.id));
  };
  const http = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    genReqId: () => uuidv7(),
    trustProxy: options.trustProxy ?? false,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    // As long as names of files can be: those of kept mails are in addresses.
    routerOptions: { maxParamLength: 255 },
    frameworkErrors: answerError,
  });
  await http.register(helmet, options.isExplorable ? { contentSecurityPolicy: false } : {});
  if (options.isExplorable) {
    const exposedHeaders = [consistencyTokenName];
    await http.register(cors, { origin: sandboxOrigins, credentials: true, exposedHeaders });
  }

  let isDraining = false;
  http.addHook("preClose", async () => {
    isDraining = true;
  });
  http.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
    const token = reply.getHeader(consistencyTokenName);
    if (typeof token === "string") reply.header("set-cookie", tokenCookie(token, options.hasSecureCookies));
    // Else a connection that is in use when the server stops would be kept for the client's next request.
    if (isDraining) reply.header("connection", "close");
  });
  http.setErrorHandler(answerError);
  http.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: "There is nothing here." }));

  http.route({
    method: ["GET", "POST"],
    url: "/graphql",
    onRequest: requireHost,
    handler: fastifyApolloHandler(options.graphql, { context: options.createContext }),
  });
  addHealthRoutes(http, {
    ...options,
    health: async () => {
      const { isReady, servers } = await options.health();
      return { isReady: isReady && !isDraining, servers };
    },
  });
  return http;
}

/** The handler of the graph builds an address from the Host header, which may be anything. */
async function requireHost(request: FastifyRequest): Promise<void> {
  if (!URL.canParse(`http://${request.host}`)) throw Object.assign(new Error("No host."), { statusCode: 400 });
}
