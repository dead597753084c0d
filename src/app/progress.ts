import { stderr } from "node:process";
import { styleText } from "node:util";

/** Shows a person at a terminal what a long start is doing. */
export interface Progress {
  step(text: string): void;
  done(): void;
}

export function createProgress(isShown: boolean): Progress {
  if (!isShown) return { step: () => {}, done: () => {} };
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(7);
  return {
    step: (text) => stderr.write(`${styleText("dim", seconds())}  ${text}\n`),
    done: () => stderr.write(`${styleText("dim", seconds())}  ${styleText("green", "Serving")}\n`),
  };
}
