import { readdir, readFile } from "node:fs/promises";

/** The most memory that a process and its children have had, each at its own time; null where there is no /proc. */
export async function peakMemoryMb(pid: number): Promise<number | null> {
  const own = await peakOf(pid);
  if (own === null) return null;
  const below = await Promise.all((await childrenOf(pid)).map(peakMemoryMb));
  return below.reduce<number>((sum, peak) => sum + (peak ?? 0), own);
}

async function peakOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kilobytes] = status.match(/^VmHWM:\s+(\d+) kB/m) ?? [];
  return kilobytes ? Number(kilobytes) / 1024 : null;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.join(" ").split(" ").filter(Boolean).map(Number);
}
