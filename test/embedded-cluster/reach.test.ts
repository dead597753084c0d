import { chmod, mkdir, readdir, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startEmbeddedCluster } from "../../src/embedded-cluster/start-embedded-cluster.ts";
import { inEmptyWorld, query } from "./embedded-world.ts";

const isRoot = process.getuid?.() === 0;

// PostgreSQL refuses to run as root, so a root's private folders are out of its reach.
(isRoot ? describe : describe.skip)("started by root, a cluster", () => {
  test("lies in a private data folder, which only PostgreSQL may pass as well", () =>
    inEmptyWorld(async (world) => {
      await chmod(world.dataDir, 0o700);
      await world.start({ replicas: 0 });
      expect(await realpath(world.folder)).toBe(world.folder);
      expect((await stat(world.dataDir)).mode & 0o777).toBe(0o710);
      expect((await stat(join(world.folder, "primary"))).uid).not.toBe(0);
    }));

  test("lies elsewhere when all around is private, is found again, and goes with its data folder", () =>
    inEmptyWorld(async (world) => {
      await chmod(world.dataDir, 0o700);
      const dataDir = join(world.dataDir, "checkout", ".data");
      await mkdir(join(world.dataDir, "checkout"));
      const start = () => startEmbeddedCluster({ dataDir, replicas: 0, onProgress: (step) => world.steps.push(step) });
      const first = await start();
      const elsewhere = await realpath(join(dataDir, "postgres"));
      try {
        expect(world.steps[0]).toMatch(`the data is kept in ${elsewhere}`);
        await query(first.primary, "create table note as select 1 as id");
        await first.stop();
        const second = await start();
        expect(await query(second.primary, "select id from note")).toEqual([{ id: 1 }]);
        await second.stop();
        await rm(dataDir, { recursive: true });
        const third = await start();
        expect(await query(third.primary, `select to_regclass('note') as note`)).toEqual([{ note: null }]);
        await third.stop();
        expect(await readdir(dataDir)).toEqual(["postgres"]);
      } finally {
        await first.stop();
        await rm(elsewhere, { recursive: true });
      }
    }));
});
