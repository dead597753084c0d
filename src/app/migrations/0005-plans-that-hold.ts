import { Migration } from "@mikro-orm/migrations";

/**
 * What a join and its triggers do has one good plan, whatever PostgreSQL believes of the tables. When registration opens it
 * believes what was so before: that nobody waits, and that a statement inserts as many rows as the first one of its session.
 */
export class PlansThatHold extends Migration {
  override up(): void {
    // Where hardly anybody waits, the index of all who wait seems as good for one seminar's waiting list as that list's own.
    // PostgreSQL cannot deduce this predicate from a status: who wants the index says `nullif(...) is not null` too.
    this.addSql("drop index enrollments_without_seat;");
    this.addSql(`
      create index enrollments_without_seat on enrollments (status, id) where nullif(status, 'ACTIVE') is not null;
    `);
    // The function keeps the plan of its first call in a session. One made for a hundred rows may read all seminars, for
    // each single join from then on; by nested loops the seminars are looked up one by one.
    this.addSql("alter function count_enrollments() set enable_hashjoin = off;");
    this.addSql("alter function count_enrollments() set enable_mergejoin = off;");
  }

  override down(): void {
    this.addSql("alter function count_enrollments() reset all;");
    this.addSql("drop index enrollments_without_seat;");
    this.addSql(`
      create index enrollments_without_seat on enrollments (status, id) where status in ('WAITLISTED', 'DROPPED');
    `);
  }
}
