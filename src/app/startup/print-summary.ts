import { stdout } from "node:process";
import { styleText } from "node:util";
import { demoAccounts, demoPassword } from "../demo/demo-data.ts";
import { mailPagePath } from "../dev/mail-pages.ts";
import type { RunningServer } from "../processes/start-server.ts";

/** Tells a developer where everything is, and what to try first. */
export function writeSummary(server: RunningServer): void {
  const address = server.address.replace("127.0.0.1", "localhost");
  const lines = [
    "",
    styleText("bold", "The seminar server is running."),
    "",
    entry("Graph", `${address}/graphql`, "open it in a browser for Apollo Sandbox"),
    entry("Health", `${address}/health/ready`),
    entry("Metrics", `${address}/metrics`),
    entry("Mails", `${address}${mailPagePath}`),
    "",
    ...(server.hasDemoAccounts ? accounts() : []),
    styleText("bold", "Try"),
    `  curl ${address}/graphql -H 'content-type: application/json' \\`,
    `    -d '{"query":"{ seminars(first: 3) { nodes { name remainingSeats } } }"}'`,
    "",
    ...(server.databases.isEmbedded ? databases(server) : []),
    "Ctrl-C stops everything. The data is there at the next start.",
    "",
  ];
  stdout.write(`${lines.join("\n")}\n`);
}

function entry(name: string, value: string, note = ""): string {
  return `  ${name.padEnd(9)} ${styleText("cyan", value)}${note && styleText("dim", `  ${note}`)}`;
}

function accounts(): string[] {
  return [
    `${styleText("bold", "Demo accounts")}  all with the password ${styleText("cyan", demoPassword)}`,
    ...demoAccounts.map(({ username, is }) => `  ${username.padEnd(13)} ${styleText("dim", is)}`),
    "",
  ];
}

/** Lines of their own without any style, so that they can be copied, or read by a script. */
function databases({ databases: { url, replicaUrls, auditUrl } }: RunningServer): string[] {
  return [
    styleText("bold", "A second server on the same databases"),
    `DATABASE_URL=${url}`,
    `DATABASE_REPLICA_URLS=${replicaUrls.join(",")}`,
    `AUDIT_DATABASE_URL=${auditUrl}`,
    "",
  ];
}
