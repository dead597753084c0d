import { jwtVerify, SignJWT } from "jose";
import { isUuid } from "../graphql/input/ids.ts";
import { LatelyUsed } from "../lately-used.ts";

/** What a signed token says: whose session it belongs to. Whether that session still goes on, the database knows. */
export interface SessionClaims {
  sessionId: string;
  userId: string;
}

/** How many verified tokens are remembered: about 5 MB. */
const maxRemembered = 10_000;

interface VerifiedToken {
  claims: SessionClaims;
  /** On the clock of `Date.now()`. */
  expiresAt: number;
}

/**
 * Signs and verifies session tokens (JWT, HS256). A forged token is found out without asking the database, and a good
 * one is verified once as long as it is in use.
 */
export class SessionTokens {
  /** Imported once: from bytes jose would import it for every token. */
  readonly #key: ReturnType<typeof crypto.subtle.importKey>;
  readonly #verified = new LatelyUsed<string, VerifiedToken>(maxRemembered);

  constructor(secret: string) {
    const bytes = new TextEncoder().encode(secret);
    this.#key = crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  }

  async sign(claims: SessionClaims, expiresAt: Date): Promise<string> {
    return await new SignJWT()
      .setProtectedHeader({ alg: "HS256" })
      .setJti(claims.sessionId)
      .setSubject(claims.userId)
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(await this.#key);
  }

  /** The claims, or null for a token that is malformed, expired, not signed, or signed by somebody else. */
  async verify(token: string): Promise<SessionClaims | null> {
    const verified = this.#verified.get(token) ?? (await this.#verifyAnew(token));
    return verified && verified.expiresAt > Date.now() ? verified.claims : null;
  }

  async #verifyAnew(token: string): Promise<VerifiedToken | null> {
    try {
      const { payload } = await jwtVerify(token, await this.#key, { algorithms: ["HS256"], requiredClaims: ["exp"] });
      const { jti: sessionId, sub: userId, exp } = payload;
      if (!sessionId || !userId || !isUuid(sessionId) || !isUuid(userId)) return null;
      const verified = { claims: { sessionId, userId }, expiresAt: Number(exp) * 1000 };
      this.#verified.set(token, verified);
      return verified;
    } catch {
      return null;
    }
  }
}
