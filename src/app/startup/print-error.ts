import { stderr } from "node:process";

/** Tells a person why it did not work, and lets the process end with exit code 1. */
export function printError(error: unknown): void {
  stderr.write(`\n${describeFault(error)}\n`);
  process.exitCode = 1;
}

/** What was foreseen is told by its message; a bug by its stack, for whoever has to find it. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ([TypeError, ReferenceError, RangeError].some((bug) => error instanceof bug)) return error.stack ?? error.message;
  return error.message;
}
