import type { Config } from "../../config.ts";
import { withPrimaryEntityManager } from "../commands/with-primary-entity-manager.ts";
import { hasDemoAccounts, makeDemoData } from "./demo-data.ts";

/** Makes the demo data, unless there is any account already. @returns whether one can log in to the demo accounts */
export function seedDemo(config: Config, primaryUrl: string): Promise<boolean> {
  return withPrimaryEntityManager(config, primaryUrl, async (em) => {
    await makeDemoData(em);
    return await hasDemoAccounts(em);
  });
}
