import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { findServerAccount } from "../../src/embedded-cluster/postgres/server-account.ts";
import { eventually } from "./failover.ts";

/** A PgBouncer of a test's own, in transaction mode, in front of several databases. */
export interface PgBouncer {
  /** The addresses through it, in the order of the databases behind it. */
  readonly urls: string[];
  stop(): Promise<void>;
}

/** Where PgBouncer is on this machine; null: nowhere. */
export function findPgBouncer(): string | null {
  try {
    return execFileSync("/bin/sh", ["-c", "PATH=$PATH:/usr/sbin command -v pgbouncer"], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

/** Starts it with so many connections to each database, which everybody shares. */
export async function startPgBouncer(program: string, databaseUrls: string[], poolSize: number): Promise<PgBouncer> {
  const account = await findServerAccount("");
  const folder = await mkdtemp(path.join(tmpdir(), "pgbouncer-"));
  const port = await freePort();
  const targets = databaseUrls.map((url) => new URL(url));
  const names = targets.map((_, index) => `behind_${index}`);
  const { username, password } = targets[0] as URL;
  const databases = targets.map(
    (url, index) => `${names[index]} = host=${url.hostname} port=${url.port} dbname=${url.pathname.slice(1)}`,
  );
  const settings = `[databases]
${databases.join("\n")}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${folder}/users
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
server_login_retry = 1
ignore_startup_parameters = statement_timeout,lock_timeout,idle_in_transaction_session_timeout,options
`;
  await writeFile(path.join(folder, "settings.ini"), settings);
  await writeFile(path.join(folder, "users"), `"${username}" "${decodeURIComponent(password)}"\n`);
  if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o755);
  const child = spawn(program, [path.join(folder, "settings.ini")], { ...account, cwd: "/", stdio: "ignore" });
  const urls = names.map((name) => `postgres://${username}@127.0.0.1:${port}/${name}`);
  await eventually(() => canConnect(urls[0] as string), "PgBouncer takes connections");
  return {
    urls,
    stop: async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function canConnect(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
