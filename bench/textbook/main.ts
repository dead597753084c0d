// Before everything that has decorators.
import "reflect-metadata";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { ReflectMetadataProvider } from "@mikro-orm/decorators/legacy";
import { MikroORM } from "@mikro-orm/postgresql";
import { jwtVerify } from "jose";
import { buildSchema } from "type-graphql";
import { Enrollment, Seminar, User } from "./entities.ts";
import { SeminarResolver, type TextbookContext, UserResolver } from "./resolvers.ts";

// The service as the manuals of Apollo Server, TypeGraphQL and MikroORM teach it, in the fewest lines: what every
// measurement compares with. It is right, and nothing in it is done to be fast.

const orm = await MikroORM.init({
  entities: [User, Seminar, Enrollment],
  metadataProvider: ReflectMetadataProvider,
  clientUrl: process.env.DATABASE_URL as string,
  forceUtcTimezone: true,
});
await orm.schema.create();

const secret = new TextEncoder().encode(process.env.SESSION_SECRET);
const isLocking = !process.argv.includes("--without-lock");

const apollo = new ApolloServer<TextbookContext>({
  schema: await buildSchema({ resolvers: [SeminarResolver, UserResolver], validate: false }),
});
await startStandaloneServer(apollo, {
  listen: { host: process.env.HOST as string, port: Number(process.env.PORT) },
  context: async ({ req }) => {
    const em = orm.em.fork();
    const token = req.headers.authorization?.replace("Bearer ", "");
    const userId = token ? (await jwtVerify(token, secret)).payload.sub : null;
    return { em, user: userId ? await em.findOne(User, { id: userId }) : null, isLocking };
  },
});

process.on("SIGTERM", async () => {
  await apollo.stop();
  await orm.close();
});
