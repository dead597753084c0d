import { jwtVerify, SignJWT } from "jose";
import { isUuid } from "../graphql/ids.ts";

/** What a signed token says: whose session it belongs to. Whether that session still goes on, the database knows. */
export interface SessionClaims {
  sessionId: string;
  userId: string;
}

/** Signs and verifies session tokens (JWT, HS256). A forged token is found out without asking the database. */
export class SessionTokens {
  /** Imported once: from bytes jose would import it for every token. */
  readonly #key: ReturnType<typeof crypto.subtle.importKey>;

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
    try {
      const { payload } = await jwtVerify(token, await this.#key, { algorithms: ["HS256"] });
      const { jti: sessionId, sub: userId } = payload;
      return sessionId && userId && isUuid(sessionId) && isUuid(userId) ? { sessionId, userId } : null;
    } catch {
      return null;
    }
  }
}
