import { readdir, readFile } from "node:fs/promises";

/** The most memory that a process and its children have had, each at its own time; null where there is no /proc. */
export function peakMemoryMb(pid: number): Promise<number | null> {
  return sumOf(pid, peakOf);
}

/** The time for which a process and its children have kept processors busy, all threads together; null likewise. */
export function processorMs(pid: number): Promise<number | null> {
  return sumOf(pid, processorTimeOf);
}

/** Of a process and its children. */
async function sumOf(pid: number, measure: (pid: number) => Promise<number | null>): Promise<number | null> {
  const own = await measure(pid);
  if (own === null) return null;
  const below = await Promise.all((await childrenOf(pid)).map((child) => sumOf(child, measure)));
  return below.reduce<number>((sum, each) => sum + (each ?? 0), own);
}

async function peakOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kilobytes] = status.match(/^VmHWM:\s+(\d+) kB/m) ?? [];
  return kilobytes ? Number(kilobytes) / 1024 : null;
}

/** Linux tells it in hundredths of a second, see proc_pid_stat(5). The name before it may have spaces. */
async function processorTimeOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return fields.length > 12 ? (user + system) * 10 : null;
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.join(" ").split(" ").filter(Boolean).map(Number);
}
