/**
 * Mutations that are answered as if no idempotency key had come. The answers of the first ones hold a session's token,
 * which is stored nowhere, or end the session. The others are safe to repeat by themselves.
 */
export const mutationsWithoutKeys: ReadonlySet<string> = new Set([
  "signUp",
  "logIn",
  "logOut",
  "joinSeminar",
  "dropSeminar",
]);
