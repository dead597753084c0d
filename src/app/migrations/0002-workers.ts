import { Migration } from "@mikro-orm/migrations";

/** Who runs jobs right now. */
export class Workers extends Migration {
  override up(): void {
    this.addSql(`
      create table workers (
        id text primary key,
        seen_at timestamptz not null
      );
    `);
  }

  override down(): void {
    this.addSql("drop table workers;");
  }
}
