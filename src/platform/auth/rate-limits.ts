import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { Pool, QueryConfig } from "pg";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { rateLimited } from "../graphql/errors/errors.ts";

const minuteS = 60;

/**
 * One attempt to log in, whose outcome has to be told before the client hears of it. Both throw RATE_LIMITED when others
 * have failed too often meanwhile: so many attempts at once find out no more than as many one after the other.
 */
export interface LogInAttempt {
  succeeded(): Promise<void>;
  failed(): Promise<void>;
}

/** The limits on log-in and sign-up. They are kept in the primary, so that every process counts the same. */
export class RateLimits {
  readonly #logInPerName: RateLimiterPostgres;
  readonly #logInPerAddress: RateLimiterPostgres;
  readonly #signUpPerAddress: RateLimiterPostgres;

  /** @param pool on the primary */
  constructor(pool: Pool) {
    this.#logInPerName = limiter(pool, "log-in-name", 10);
    this.#logInPerAddress = limiter(pool, "log-in", 50);
    this.#signUpPerAddress = limiter(pool, "sign-up", 20);
  }

  /**
   * Counts failures for one login name from one address, and for the address; never for the name alone, so that
   * nobody can lock somebody else out. Only failures count: a whole campus may log in from one address at once.
   * @throws RATE_LIMITED
   */
  async logIn(address: string, login: string): Promise<LogInAttempt> {
    const network = networkOf(address);
    const name = createHash("sha256").update(`${network} ${login.toLowerCase()}`).digest("base64url");
    const counts: FailureCount[] = [
      { limiter: this.#logInPerName, key: name },
      { limiter: this.#logInPerAddress, key: network },
    ];
    await requireRoom(counts);
    return { succeeded: () => requireRoom(counts), failed: () => countFailure(counts) };
  }

  /** @throws RATE_LIMITED */
  async signUp(address: string): Promise<void> {
    await consume(this.#signUpPerAddress, networkOf(address));
  }
}

function limiter(pool: Pool, keyPrefix: string, pointsPerMinute: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    // Without the names of its prepared statements, which a connection of PgBouncer would not know the next time.
    storeClient: { query: ({ text, values }: QueryConfig) => pool.query(text, values) },
    storeType: "client",
    tableName: "rate_limits",
    tableCreated: true,
    // A job does that.
    clearExpiredByTimeout: false,
    keyPrefix,
    points: pointsPerMinute,
    duration: minuteS,
    // Who is far over the limit no longer costs the database anything.
    inMemoryBlockOnConsumed: pointsPerMinute * 2,
  });
}

interface FailureCount {
  limiter: RateLimiterPostgres;
  key: string;
}

async function requireRoom(counts: readonly FailureCount[]): Promise<void> {
  for (const failures of await Promise.all(counts.map(({ limiter, key }) => limiter.get(key)))) {
    if (failures && failures.remainingPoints <= 0) throw rateLimited(failures.msBeforeNext);
  }
}

async function countFailure(counts: readonly FailureCount[]): Promise<void> {
  // One after the other: a name that is over its limit takes nothing from the others at its address.
  for (const { limiter, key } of counts) {
    const failures = await limiter.penalty(key);
    if (failures.consumedPoints > limiter.points) throw rateLimited(failures.msBeforeNext);
  }
}

async function consume(limits: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limits.consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw rateLimited(refusal.msBeforeNext);
    throw refusal;
  }
}

/** An IPv4 address, or the /64 of an IPv6 address, which is what one household has. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString();
}
