import { randomBytes } from "node:crypto";
import { stdout } from "node:process";
import type { EntityManager } from "@mikro-orm/postgresql";
import { openSession } from "../../accounts/sessions/open-session.ts";
import { createUser } from "../../accounts/sign-up.ts";
import { environmentName, readConfig } from "../../config.ts";
import { unusablePasswordHash } from "../../platform/auth/passwords.ts";
import { SessionTokens } from "../../platform/auth/session-tokens.ts";
import { inTransaction } from "../../platform/database/in-transaction.ts";
import { Locale } from "../../platform/locale.ts";
import { withEntityManager } from "./with-databases.ts";

/** How many are made in one transaction. */
const batchSize = 1_000;

/** Makes participants who are logged in, for load tests, and writes a line of JSON for each. */
export async function createSessions(count: number, stopping: AbortSignal): Promise<void> {
  if (environmentName() === "production") {
    throw new Error("Generated participants have no place in production: create-sessions does not run there.");
  }
  const config = readConfig();
  const services = {
    sessionTokens: new SessionTokens(config.sessions.secret),
    settings: { sessionDays: config.sessions.days },
  };
  const prefix = `participant-${randomBytes(4).toString("hex")}`;
  await withEntityManager(config, stopping, async (em) => {
    for (let from = 1; from <= count; from += batchSize) {
      stopping.throwIfAborted();
      const numbers = Array.from({ length: Math.min(batchSize, count - from + 1) }, (_, index) => from + index);
      const usernames = numbers.map((number) => `${prefix}-${number}`);
      const lines = await inTransaction(em, (em) => makeParticipants(em, usernames, services));
      stdout.write(lines.join(""));
    }
  });
}

function makeParticipants(
  em: EntityManager,
  usernames: readonly string[],
  services: Parameters<typeof openSession>[0]["services"],
): Promise<string[]> {
  return Promise.all(
    usernames.map(async (username) => {
      const values = { username, email: `${username}@example.com`, locale: Locale.EN, participant: {} };
      const user = createUser(em, values, unusablePasswordHash, true);
      const { token } = await openSession({ services }, em, user);
      return `${JSON.stringify({ userId: user.id, username, token })}\n`;
    }),
  );
}
