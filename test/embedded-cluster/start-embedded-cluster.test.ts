import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { waitUntilGone } from "../../src/embedded-cluster/postgres/process-table.ts";
import { inEmptyWorld, inWorld, processesOf, query, quickSettings, waitForRows } from "./embedded-world.ts";

describe("an embedded cluster", () => {
  test("shows on every replica what was committed on the primary", () =>
    inWorld(async ({ start }) => {
      const { primary, replicas } = await start({ replicas: 2 });
      await query(primary, "create table note as select 1 as id");
      expect(replicas.map((replica) => replica.name)).toEqual(["replica-1", "replica-2"]);
      for (const replica of replicas) {
        await waitForRows(replica, "select id from note", [{ id: 1 }]);
        await expect(query(replica, "delete from note")).rejects.toThrow("read-only");
      }
    }));

  test("knows the letters of all scripts, the time of UTC, and the settings it was given", () =>
    inWorld(async ({ start }) => {
      const settings = { ...quickSettings, application_name: "it's ours" };
      const { primary } = await start({ replicas: 0, settings });
      expect(await query(primary, `select lower('ÄΩЖ 세미나') as lower`)).toEqual([{ lower: "äωж 세미나" }]);
      expect(await query(primary, "show timezone")).toEqual([{ TimeZone: "UTC" }]);
      expect(await query(primary, `select reset_val from pg_settings where name = 'application_name'`)).toEqual([
        { reset_val: "it's ours" },
      ]);
    }));

  test("keeps its data, its password and its replica until the next start", () =>
    inEmptyWorld(async (world) => {
      const first = await world.start();
      await query(first.primary, "create table note as select 1 as id");
      await first.stop();
      world.steps.length = 0;
      const second = await world.start();
      expect(await query(second.primary, "select id from note")).toEqual([{ id: 1 }]);
      expect(new URL(second.primary.url("a")).password).toBe(new URL(first.primary.url("a")).password);
      await query(second.primary, "insert into note values (2)");
      const replica = second.replicas[0] ?? second.primary;
      await waitForRows(replica, "select id from note order by id", [{ id: 1 }, { id: 2 }]);
      expect(world.steps).toEqual([]);
    }));

  test("lets in nobody without the password, which nobody else can read and no log tells", () =>
    inWorld(async ({ start, folder }) => {
      const { primary, replicas } = await start();
      const { password } = new URL(primary.url("postgres"));
      for (const server of [primary, ...replicas]) {
        const stranger = { url: (database: string) => server.url(database).replace(password, "guess") };
        await expect(query(stranger, "select 1")).rejects.toThrow("password authentication failed");
        expect(await readFile(join(folder, `${server.name}.log`), "utf8")).not.toContain(password);
      }
      for (const name of ["password", "cluster.json", "replica-1/embedded.conf"]) {
        expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
      }
    }));

  test("creates a database once, on all servers", () =>
    inWorld(async ({ start }) => {
      const cluster = await start();
      await Promise.all([cluster.ensureDatabase("audit-1"), cluster.ensureDatabase("audit-1")]);
      await cluster.ensureDatabase("audit-1");
      for (const server of [cluster.primary, ...cluster.replicas]) {
        const audit = { url: () => server.url("audit-1") };
        expect(await query(audit, "select current_database() as name")).toEqual([{ name: "audit-1" }]);
      }
    }));

  test("leaves no process when it is stopped, even twice", () =>
    inWorld(async (world) => {
      const cluster = await world.start();
      const processes = await processesOf(world, ["primary", "replica-1"]);
      expect(processes.length).toBeGreaterThan(2);
      await Promise.all([cluster.stop(), cluster.stop()]);
      await cluster.stop();
      expect(await waitUntilGone(processes, 0)).toBe(true);
      await expect(query(cluster.primary, "select 1")).rejects.toThrow("ECONNREFUSED");
    }));

  test("has its last writes on the replica when it is stopped", () =>
    inWorld(async ({ start }) => {
      const first = await start();
      await query(first.primary, "create table note as select generate_series(1, 50000) as id");
      await first.stop();
      const second = await start();
      await second.primary.kill();
      const replica = second.replicas[0] ?? second.primary;
      expect(await query(replica, "select count(*)::int as count from note")).toEqual([{ count: 50_000 }]);
    }));
});

describe("one server of a cluster", () => {
  test("can be killed and started again, and the replica follows it again", () =>
    inWorld(async (world) => {
      const { primary, replicas } = await world.start();
      const replica = replicas[0] ?? primary;
      await query(primary, "create table note as select 1 as id");
      const processes = await processesOf(world, ["primary"]);
      await primary.kill();
      expect(await waitUntilGone(processes, 0)).toBe(true);
      expect(await query(replica, "select id from note")).toEqual([{ id: 1 }]);
      await primary.start();
      await query(primary, "insert into note values (2)");
      await waitForRows(replica, "select count(*)::int as count from note", [{ count: 2 }]);
    }));

  test("can be stopped and started again while the others go on", () =>
    inWorld(async ({ start }) => {
      const { primary, replicas } = await start();
      const replica = replicas[0] ?? primary;
      await replica.stop("fast");
      await query(primary, "create table note as select 1 as id");
      await expect(query(replica, "select 1")).rejects.toThrow("ECONNREFUSED");
      await replica.start();
      await waitForRows(replica, "select id from note", [{ id: 1 }]);
      await replica.stop("immediate");
      await replica.start();
      expect(await query(replica, "select id from note")).toEqual([{ id: 1 }]);
    }));

  test("takes writes once it is promoted, and is a replica again at the next start", () =>
    inWorld(async (world) => {
      const first = await world.start();
      await query(first.primary, "create table note as select 1 as id");
      const promoted = first.replicas[0] ?? first.primary;
      await first.primary.kill();
      await promoted.promote();
      await query(promoted, "create table side_note as select 1 as id");
      await first.stop();
      const second = await world.start();
      const replica = second.replicas[0] ?? second.primary;
      await waitForRows(replica, `select to_regclass('note')::text as kept, to_regclass('side_note') as lost`, [
        { kept: "note", lost: null },
      ]);
      expect(world.steps.at(-1)).toMatch("replica-1 anew");
    }));
});
