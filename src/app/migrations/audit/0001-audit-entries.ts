import { Migration } from "@mikro-orm/migrations";

/** The audit database: entries can be added and read, and nothing else, whoever asks. */
export class AuditEntries extends Migration {
  override up(): void {
    this.addSql(`
      create table audit_entries (
        id uuid primary key,
        at timestamptz(3) not null,
        actor_id uuid,
        action text not null,
        target_type text not null,
        target_id text not null,
        changes jsonb not null,
        request_id text
      );
    `);
    this.addSql("create index audit_entries_by_actor on audit_entries (actor_id, id);");
    this.addSql("create index audit_entries_by_action on audit_entries (action, id);");
    this.addSql("create index audit_entries_by_target on audit_entries (target_id, id);");
    this.addSql("create index audit_entries_by_time on audit_entries (at, id);");
    // A trigger holds for every role, the server's own and the owner of the table among them.
    this.addSql(`
      create function refuse_to_change_history() returns trigger language plpgsql as $$
      begin
        raise exception 'audit entries are neither changed nor deleted' using errcode = 'insufficient_privilege';
      end $$;
    `);
    this.addSql(`
      create trigger audit_entries_stay before update or delete or truncate on audit_entries
        for each statement execute function refuse_to_change_history();
    `);
  }

  override down(): void {
    this.addSql("drop table audit_entries;");
    this.addSql("drop function refuse_to_change_history();");
  }
}
