import { stderr } from "node:process";
import { styleText } from "node:util";

/** Shows a person what a long start is doing. */
export interface Progress {
  step(text: string): void;
}

/** Writes a line for each step, with the time since the start; to stderr, so that the output stays what it is. */
export function createProgress(isShown: boolean): Progress {
  const startedAt = performance.now();
  return {
    step(text) {
      if (!isShown) return;
      const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(7);
      stderr.write(`${styleText("dim", seconds, { stream: stderr })}  ${text}\n`);
    },
  };
}
