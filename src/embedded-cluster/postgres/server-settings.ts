import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { superuser } from "../folder/cluster-state.ts";
import { giveTo, type ServerAccount } from "./server-account.ts";

/** Where a replica streams from. */
export interface ReplicaSource {
  readonly port: number;
  readonly password: string;
  readonly slot: string;
}

const settingsFile = "embedded.conf";

const commonSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  // The path of a socket may have 107 characters, a data folder's path more.
  unix_socket_directories: "",
  max_connections: "300",
  shared_buffers: "128MB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] %q%a ",
  log_checkpoints: "off",
  password_encryption: "scram-sha-256",
  wal_level: "replica",
  max_wal_senders: "20",
  max_replication_slots: "20",
  // A replica that stays away costs this much disk at most; then it is made anew.
  max_slot_wal_keep_size: "1GB",
  hot_standby: "on",
  hot_standby_feedback: "on",
  // How soon a replica looks again for a primary that went away (5 s by default).
  wal_retrieve_retry_interval: "250ms",
};

const accessRules = `host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
`;

/** Makes a new data folder read the file that `writeSettings` writes. */
export async function includeSettings(dataFolder: string): Promise<void> {
  await appendFile(join(dataFolder, "postgresql.conf"), `\ninclude_if_exists = '${settingsFile}'\n`);
}

/** Writes the settings and access rules of a server, anew before each start. `ALTER SYSTEM` still wins over them. */
export async function writeSettings(
  server: { readonly name: string; readonly dataFolder: string },
  account: ServerAccount,
  extra: Readonly<Record<string, string>>,
  source: ReplicaSource | null,
): Promise<void> {
  const settings = {
    ...commonSettings,
    cluster_name: server.name,
    ...(source && replicaSettings(server.name, source)),
    ...extra,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  await writeOwned(join(server.dataFolder, settingsFile), lines.join(""), account);
  await writeOwned(join(server.dataFolder, "pg_hba.conf"), accessRules, account);
}

function replicaSettings(name: string, { port, password, slot }: ReplicaSource): Record<string, string> {
  const address = `host=127.0.0.1 port=${port} user=${superuser} password=${password}`;
  return { primary_conninfo: `${address} application_name=${name}`, primary_slot_name: slot };
}

async function writeOwned(path: string, text: string, account: ServerAccount): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await giveTo(account, path);
}
