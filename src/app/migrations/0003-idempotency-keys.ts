import { Migration } from "@mikro-orm/migrations";

/** The answers that mutations with an idempotency key gave, for a day. */
export class IdempotencyKeys extends Migration {
  override up(): void {
    // A foreign key would lock the viewer's row, in two transactions of one viewer at once, before one of them wants to
    // change it: a deadlock that no repetition of a part gets out of.
    this.addSql(`
      create table idempotency_keys (
        viewer_id uuid not null,
        key text not null check (char_length(key) between 1 and 255),
        fingerprint text not null,
        answer json,
        created_at timestamptz not null,
        primary key (viewer_id, key)
      );
    `);
    this.addSql("create index idempotency_keys_age on idempotency_keys (created_at);");
  }

  override down(): void {
    this.addSql("drop table idempotency_keys;");
  }
}
