/** What a terminal sends for Ctrl-C, what a supervisor sends, and what a terminal sends that is closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Less than the 15 s within which everything has to be stopped. */
const timeoutMs = 14_000;

/**
 * A signal that is aborted when this process is asked to end. Further requests change nothing: Ctrl-C comes twice
 * below npm, from the terminal and from npm itself. What is not stopped in time is left to the handlers of `exit`.
 */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) return;
    controller.abort(new Error(`Stopped by ${signal}.`));
    setTimeout(giveUp, timeoutMs).unref();
  };
  for (const signal of signals) process.on(signal, stop);
  return controller.signal;
}

/**
 * Likewise for a child, which is asked to end by the end of the channel to its parent. Signals may come to the whole group,
 * and it is the parent that decides what they mean.
 */
export function stopWithParent(): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) process.on(signal, () => {});
  process.once("disconnect", () => {
    controller.abort(new Error("The parent is gone."));
    setTimeout(giveUp, timeoutMs).unref();
  });
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function giveUp(): void {
  process.stderr.write(`Not everything could be stopped within ${timeoutMs / 1000} s.\n`);
  process.exit(1);
}
