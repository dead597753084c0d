import pRetry from "p-retry";
import type { Client } from "pg";

/** The replication slot of a replica. It makes the primary keep the WAL that the replica has not received yet. */
export function slotOf(replica: string): string {
  return replica.replaceAll("-", "_");
}

/** Whether the primary has kept all that the replica needs to go on. */
export async function hasUsableSlot(client: Client, replica: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from pg_replication_slots where slot_name = $1 and wal_status <> 'lost'`,
    [slotOf(replica)],
  );
  return rowCount === 1;
}

/** Gives a replica a slot that keeps the WAL from now on. */
export async function renewSlot(client: Client, replica: string): Promise<void> {
  // The connection of a replica that has just been stopped may hold it for a moment longer.
  const drop = () => dropSlots(client, "slot_name = $1", [slotOf(replica)]);
  await pRetry(drop, { retries: 20, minTimeout: 100, factor: 1 });
  await client.query("select pg_create_physical_replication_slot($1, immediately_reserve => true)", [slotOf(replica)]);
}

/** Drops the slots of replicas that are no longer wanted: the primary would keep WAL for them for ever. */
export async function dropLeftoverSlots(client: Client, replicas: readonly string[]): Promise<void> {
  await dropSlots(client, `slot_name ~ '^replica_[0-9]+$' and slot_name <> all ($1)`, [replicas.map(slotOf)]);
}

async function dropSlots(client: Client, condition: string, parameters: unknown[]): Promise<void> {
  await client.query(
    `select pg_drop_replication_slot(slot_name)
     from pg_replication_slots
     where slot_type = 'physical' and ${condition}`,
    parameters,
  );
}
