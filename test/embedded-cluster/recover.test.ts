import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { waitUntilGone } from "../../src/embedded-cluster/postgres/process-table.ts";
import type { EmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";
import { end, inEmptyWorld, inWorld, processesOf, query, type World, waitForRows } from "./embedded-world.ts";

async function expectReplication({ primary, replicas }: EmbeddedCluster): Promise<void> {
  await query(primary, "create table if not exists beat (id int)");
  await query(primary, "truncate beat");
  await query(primary, "insert into beat values (7)");
  for (const replica of replicas) await waitForRows(replica, "select id from beat", [{ id: 7 }]);
}

async function unfinished({ folder }: World): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".new"));
}

async function waitForUnfinished(world: World, server: string): Promise<void> {
  while (!(await unfinished(world)).some((name) => name.startsWith(`${server}.`))) await sleep(1);
}

describe("a start after a crash", () => {
  test("takes over at once from a process that was killed, with all that was committed", () =>
    inWorld(async (world) => {
      const killed = await world.startElsewhere();
      const orphans = await processesOf(world, ["primary", "replica-1"]);
      await end(killed, "SIGKILL");
      expect(await waitUntilGone(orphans, 0)).toBe(false);
      const cluster = await world.start();
      expect(await waitUntilGone(orphans, 0)).toBe(true);
      await expectReplication(cluster);
      expect(world.steps).toHaveLength(2);
      expect(world.steps.join()).toMatch(/server primary .* left behind.*server replica-1/);
    }));

  test("survives a kill of everything", () =>
    inWorld(async (world) => {
      const first = await world.start();
      await query(first.primary, "create table note as select 1 as id");
      await Promise.all([first.primary.kill(), first.replicas[0]?.kill()]);
      await first.stop();
      const second = await world.start();
      expect(await query(second.primary, "select id from note")).toEqual([{ id: 1 }]);
      await expectReplication(second);
    }));

  test("is not misled by pids that belong to other programs now", () =>
    inWorld(async (world) => {
      const first = await world.start();
      const dataFolder = join(world.folder, "primary");
      const pidFile = await readFile(join(dataFolder, "postmaster.pid"), "utf8");
      await first.stop();
      await writeFile(join(dataFolder, "postmaster.pid"), pidFile.replace(/^\d+/, String(process.ppid)));
      await writeFile(join(world.folder, `owner-${process.ppid}-1%40other`), "");
      await expectReplication(await world.start());
    }));

  test("throws away a cluster that was not finished", () =>
    inEmptyWorld(async (world) => {
      const killed = await world.startElsewhere("Making a new PostgreSQL cluster");
      await waitForUnfinished(world, "primary");
      await end(killed, "SIGKILL");
      await expectReplication(await world.start());
      expect(await unfinished(world)).toEqual([]);
    }));

  test("throws away a replica that was not finished", () =>
    inWorld(async (world) => {
      await rm(join(world.folder, "replica-1"), { recursive: true });
      const killed = await world.startElsewhere("Making replica-1");
      await waitForUnfinished(world, "replica-1");
      await end(killed, "SIGKILL");
      await expectReplication(await world.start());
      expect(await unfinished(world)).toEqual([]);
    }));
});

describe("a replica that cannot go on is made anew", () => {
  test("when its data is broken", () =>
    inWorld(async (world) => {
      await rm(join(world.folder, "replica-1", "global"), { recursive: true });
      await mkdir(join(world.folder, "replica-1", "global"));
      await expectReplication(await world.start());
      expect(world.steps.at(-1)).toMatch("Making replica-1 anew, because it cannot follow");
    }));

  test("when the primary no longer keeps what it needs", () =>
    inWorld(async (world) => {
      const first = await world.start();
      await first.replicas[0]?.stop("fast");
      await query(first.primary, `select pg_drop_replication_slot('replica_1')`);
      await first.stop();
      await expectReplication(await world.start());
      expect(world.steps.at(-1)).toMatch("Making replica-1 anew, because the primary no longer keeps");
    }));

  test("when the primary is a new one", () =>
    inWorld(async (world) => {
      await rm(join(world.folder, "primary"), { recursive: true });
      await expectReplication(await world.start());
    }));

  test("and one that is no longer wanted goes with its replication slot", () =>
    inWorld(async (world) => {
      const cluster = await world.start({ replicas: 0 });
      expect(await query(cluster.primary, "select slot_name from pg_replication_slots")).toEqual([]);
      expect(await readdir(world.folder)).not.toContain("replica-1");
    }));
});
