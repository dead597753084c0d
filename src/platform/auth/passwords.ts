import { pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { hash, verify } from "@node-rs/argon2";

/** Argon2id on threads of its own, with the parameters that OWASP's Password Storage Cheat Sheet names first. */
const argon2Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** What no password is the preimage of; as in Django, for accounts that nobody logs in to with a password. */
export const unusablePasswordHash = "!";

export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2Options);
}

/** Verifies against an argon2id hash or one of Django's (`pbkdf2_sha256$iterations$salt$hash`). */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  if (passwordHash.startsWith("$argon2")) return await verify(passwordHash, password);
  if (passwordHash.startsWith("pbkdf2_sha256$")) return await verifyDjango(passwordHash, password);
  await pretendToVerify(password);
  return false;
}

/** Spends the time of a verification, so that an account that does not exist takes as long as one that does. */
export async function pretendToVerify(password: string): Promise<void> {
  await hash(password, argon2Options);
}

export function isOutdatedHash(passwordHash: string): boolean {
  return !passwordHash.startsWith(`$argon2id$v=19$m=${argon2Options.memoryCost},t=${argon2Options.timeCost},`);
}

async function verifyDjango(passwordHash: string, password: string): Promise<boolean> {
  const [, iterations, salt, expected] = passwordHash.split("$");
  if (!/^[1-9]\d{0,8}$/.test(iterations ?? "") || !salt || !expected) return false;
  const wanted = Buffer.from(expected, "base64");
  const derived = await promisify(pbkdf2)(password, salt, Number(iterations), wanted.length, "sha256");
  return timingSafeEqual(derived, wanted);
}
