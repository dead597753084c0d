import { describe, expect, test } from "@jest/globals";
import { findEmbeddedCluster } from "../../src/embedded-cluster/find-embedded-cluster.ts";
import { waitUntilGone } from "../../src/embedded-cluster/postgres/process-table.ts";
import { end, inWorld, processesOf, query } from "./embedded-world.ts";

describe("two processes on one data folder", () => {
  test("the second is refused, and told the folder and the process that has it", () =>
    inWorld(async (world) => {
      const owner = await world.startElsewhere();
      await expect(world.start()).rejects.toThrow(`${world.folder} is in use by the process ${owner.pid}.`);
      expect(await findEmbeddedCluster(world.dataDir)).not.toBeNull();
      await end(owner, "SIGTERM");
      await world.start();
    }));

  test("one of two that start at the same time gets it", () =>
    inWorld(async (world) => {
      const starts = await Promise.allSettled([world.start({ replicas: 0 }), world.start({ replicas: 0 })]);
      expect(starts.map((start) => start.status).sort()).toEqual(["fulfilled", "rejected"]);
      await expect(world.start()).rejects.toThrow("in use by this process");
    }));

  test("a tool finds the servers that another process runs, until that ends", () =>
    inWorld(async (world) => {
      expect(await findEmbeddedCluster(world.dataDir)).toBeNull();
      const owner = await world.startElsewhere();
      const found = await findEmbeddedCluster(world.dataDir);
      expect(found?.replicas.map((replica) => replica.name)).toEqual(["replica-1"]);
      for (const server of found ? [found.primary, ...found.replicas] : []) {
        expect(await query(server, "show cluster_name")).toEqual([{ cluster_name: server.name }]);
      }
      await end(owner, "SIGKILL");
      expect(await findEmbeddedCluster(world.dataDir)).toBeNull();
    }));

  test("a process that exits without stopping its servers takes them along", () =>
    inWorld(async (world) => {
      const owner = await world.startElsewhere();
      const processes = await processesOf(world, ["primary", "replica-1"]);
      await end(owner, "SIGUSR2");
      expect(await waitUntilGone(processes, 5_000)).toBe(true);
    }));
});
