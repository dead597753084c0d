import { isIP } from "node:net";
import { z } from "zod";

// The values that variables of the environment may have. Each says what it expects, and no more: values may be secrets.

/** The secret that stands in the committed development and test files. Production refuses it. */
const developmentSecret = "development-secret-that-everybody-knows";

export const flag = z.stringbool({ error: "expected true or false" });

export function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, { error, abort: true })
    .transform(Number)
    .refine((number) => number >= min && number <= max, { error });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `expected one of ${values.join(", ")}` });
}

const postgresAddress = "postgres://user:password@host:port/database";

/**
 * The embedded cluster is there for both databases, so `embedded:` is for the audit database what it is for the primary.
 * Outside production it need not be said: it lies beside the primary's database, under its name with `_audit`.
 */
export function auditUrl(isProduction: boolean, primaryUrl: string | undefined) {
  if (isProduction) return databaseUrl(true);
  const primary = isPostgresUrl(primaryUrl ?? "") ? URL.parse(primaryUrl ?? "") : null;
  if (!primary) return databaseUrl(false).default("embedded:");
  primary.pathname += "_audit";
  return databaseUrl(true).default(primary.toString());
}

export function databaseUrl(isAddress: boolean) {
  const error = `expected the address of a PostgreSQL database: ${postgresAddress}`;
  if (isAddress) return z.string({ error }).refine(isPostgresUrl, { error });
  const orEmbedded = `${error}, or embedded: for a cluster of its own`;
  return z
    .string({ error: orEmbedded })
    .refine((text) => text === "embedded:" || isPostgresUrl(text), { error: orEmbedded });
}

export const replicaUrls = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((url) => url.trim())
      .filter(Boolean),
  )
  .refine((urls) => urls.every(isPostgresUrl), {
    error: `expected addresses of PostgreSQL databases (${postgresAddress}), separated by commas`,
  });

export function mailUrl(isProduction: boolean) {
  const error = "expected smtp://user:password@host:port, smtps://..., or file: to keep each mail as a file";
  const url = z.string({ error }).refine(isMailUrl, { error });
  return isProduction ? url : url.default("file:");
}

export function mailFrom(isProduction: boolean) {
  const error = "expected who mails are from: Name <address@domain>";
  const from = z.string({ error }).regex(/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u, { error });
  return isProduction ? from : from.default("Seminar <no-reply@example.com>");
}

export const timeZone = z.string().refine(isTimeZone, {
  error: "expected a time zone of the IANA list, such as Asia/Seoul",
});

export const proxies = z.string().refine((text) => text.split(",").every((proxy) => isProxy(proxy.trim())), {
  error: "expected addresses of proxies (10.0.0.1, 10.0.0.0/8, loopback, linklocal, uniquelocal), separated by commas",
});

export function sessionSecret(isProduction: boolean) {
  const error = "expected a secret of 32 characters or more";
  const secret = z.string({ error }).min(32, { error });
  if (!isProduction) return secret;
  return secret.refine((text) => text !== developmentSecret, {
    error: "expected a secret of its own in production, not the development secret",
  });
}

export function demoFlag(isProduction: boolean) {
  if (!isProduction) return flag;
  return flag.refine((isWanted) => !isWanted, {
    error: "expected false in production: demo accounts are for everybody",
  });
}

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

function isMailUrl(text: string): boolean {
  const url = URL.parse(text);
  return text === "file:" || (url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== "");
}

/** By the names of the IANA list; an offset such as +09:00 is none. */
function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return /^[A-Za-z]/.test(text);
  } catch {
    return false;
  }
}

/** What Fastify's `trustProxy` takes: an address, a range, or the name of well-known ranges. */
function isProxy(text: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(text)) return true;
  const [address = "", bits, ...rest] = text.split("/");
  if (!isIP(address) || rest.length > 0) return false;
  const maxBits = isIP(address) === 4 ? 32 : 128;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= maxBits);
}
