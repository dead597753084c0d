import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { v7 as uuidv7 } from "uuid";
import type { Context } from "../graphql/context.ts";
import { maxBodyBytes } from "../graphql/limits.ts";
import { toHttpError } from "./http-errors.ts";

export interface HttpServerOptions {
  graphql: ApolloServer<Context>;
  createContext(request: FastifyRequest): Promise<Context>;
  /** Runs the handling of one request to the graph with its own route. */
  withRoute<T>(work: () => T): T;
  /** Whether the primary can be reached. */
  isReady(): Promise<boolean>;
  metrics(): Promise<{ contentType: string; text: string }>;
  /** Apollo Sandbox needs to load its page, and to call from its own address. */
  isExplorable: boolean;
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
    frameworkErrors: answerError,
  });
  await http.register(helmet, options.isExplorable ? { contentSecurityPolicy: false } : {});
  if (options.isExplorable) await http.register(cors, { origin: sandboxOrigins, credentials: true });

  let isDraining = false;
  http.addHook("preClose", async () => {
    isDraining = true;
  });
  http.addHook("onSend", async (request, reply) => {
    reply.header("x-request-id", request.id);
    // Else a connection that is in use when the server stops would be kept for the client's next request.
    if (isDraining) reply.header("connection", "close");
  });
  http.setErrorHandler(answerError);
  http.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: "There is nothing here." }));

  const graph = fastifyApolloHandler(options.graphql, { context: options.createContext });
  http.route({
    method: ["GET", "POST"],
    url: "/graphql",
    onRequest: requireHost,
    handler: (request, reply) => options.withRoute(() => graph.call(http, request, reply)),
  });
  http.get("/health/live", async () => ({ status: "live" }));
  http.get("/health/ready", async (_request, reply) => {
    const isReady = !isDraining && (await options.isReady());
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not ready" });
  });
  http.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await options.metrics();
    return reply.type(contentType).send(text);
  });
  return http;
}

/** The handler of the graph builds an address from the Host header, which may be anything. */
async function requireHost(request: FastifyRequest): Promise<void> {
  if (!URL.canParse(`http://${request.host}`)) throw Object.assign(new Error("No host."), { statusCode: 400 });
}
