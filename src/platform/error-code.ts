/** The code of a system error such as `ENOENT`, or of another error that has one. */
export function errorCode(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
