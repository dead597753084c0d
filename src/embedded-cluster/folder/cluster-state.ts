import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../platform/error-code.ts";
import type { ProcessIdentity } from "../postgres/process-table.ts";
import { giveTo, type ServerAccount } from "../postgres/server-account.ts";

/** What a running cluster tells other processes. */
export interface ClusterState {
  readonly owner: ProcessIdentity;
  readonly password: string;
  /** The primary first. */
  readonly servers: readonly { readonly name: string; readonly port: number }[];
}

/** The superuser of the cluster. */
export const superuser = "postgres";

const stateFile = "cluster.json";
const secret = { mode: 0o600 };

/** The address of a database on a server of the cluster. */
export function databaseUrl(port: number, password: string, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Tells other processes of the cluster. */
export async function writeClusterState(folder: string, state: ClusterState): Promise<void> {
  const path = join(folder, stateFile);
  await writeFile(`${path}.new`, JSON.stringify(state, null, 2), secret);
  await rename(`${path}.new`, path);
}

/** What the last owner of the folder told; it may be dead since. */
export async function readClusterState(folder: string): Promise<ClusterState | null> {
  try {
    return JSON.parse(await readFile(join(folder, stateFile), "utf8")) as ClusterState;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/** Takes back what `writeClusterState` told. */
export async function removeClusterState(folder: string): Promise<void> {
  await rm(join(folder, stateFile), { force: true });
}

/** The file with the superuser's password, made at random when missing. `initdb` reads it, so its account owns it. */
export async function ensurePasswordFile(folder: string, account: ServerAccount): Promise<string> {
  const path = join(folder, "password");
  const isKept = await readFile(path).then(
    (text) => text.length > 0,
    () => false,
  );
  if (isKept) return path;
  await writeFile(`${path}.new`, randomBytes(24).toString("base64url"), secret);
  await giveTo(account, `${path}.new`);
  await rename(`${path}.new`, path);
  return path;
}
