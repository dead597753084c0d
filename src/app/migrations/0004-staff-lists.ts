import { Migration } from "@mikro-orm/migrations";

/**
 * What the lists of users, enrollments and seminars need to be searched, filtered and sorted. Nothing here is about the
 * counters of seminars: an index on them would make every join write it.
 */
export class StaffLists extends Migration {
  override up(): void {
    this.addSql("create extension if not exists pg_trgm;");
    this.#addSearch();
    this.#indexOrders();
    this.#indexFilters();
  }

  /**
   * pg_trgm sees only what the locale of the cluster takes for letters: under C, no Korean at all. So texts are searched in
   * a form of ASCII alone: small letters, digits as capitals, and every other character as its bytes, `\352\271\200`.
   * Two texts have their forms one in the other exactly when they are so themselves, and one syllable already has
   * trigrams. Users have the form stored, for it takes longer to make than a page of them to look through.
   */
  #addSearch(): void {
    this.addSql(`
      create function search_form(content text) returns text language sql immutable parallel safe cost 1000
        return encode(convert_to(translate(lower(content), '0123456789', 'ABCDEFGHIJ'), 'UTF8'), 'escape');
    `);
    this.addSql(`
      create function search_pattern(part text) returns text language sql immutable parallel safe
        return '%' || regexp_replace(search_form(part), '([\\\\%_])', '\\\\\\1', 'g') || '%';
    `);
    // Names can be typed with either one first, and Korean ones without a space. No field has the character 31.
    this.addSql(`
      alter table users add column search_text text generated always as (search_form(
        username || chr(31) || email || chr(31) || coalesce(
          first_name || ' ' || last_name || ' ' || first_name || chr(31) || last_name || first_name, ''
        )
      )) stored;
    `);
    // How many people a text fits decides the plan, and is told by trying it on a sample: the usual hundred tell too little.
    this.addSql("alter table users alter column search_text set statistics 1000;");
    this.addSql("create index users_search on users using gin (search_text gin_trgm_ops);");
    this.addSql("create index seminars_search on seminars using gin (search_form(name) gin_trgm_ops);");
  }

  /** Users sort by username and e-mail address with the indexes that keep those unique. */
  #indexOrders(): void {
    this.addSql(`
      create index users_by_name on users (
        (coalesce(lower(last_name), U&'\\FFFF') collate "und-x-icu"),
        (coalesce(lower(first_name), U&'\\FFFF') collate "und-x-icu"),
        id
      );
    `);
    this.addSql(`create index seminars_by_name on seminars ((lower(name) collate "und-x-icu"), id);`);
    this.addSql("create index seminars_by_start on seminars ((coalesce(starts_on, 'infinity')), id);");
    this.addSql("create index seminars_by_capacity on seminars (capacity, id);");
    this.addSql("create index seminars_by_status on seminars (status, id);");
    // The one index more that a join writes.
    this.addSql("create index enrollments_of_seminar on enrollments (seminar_id, id);");
  }

  /** For what is rare: a walk in the order of the list soon comes to what is common. */
  #indexFilters(): void {
    this.addSql("create index users_instructors on users (id) where instructor_company is not null;");
    this.addSql("create index users_not_accepted on users (id) where not participant_accepted;");
    this.addSql("create index users_staff on users (id) where staff_role is not null;");
    this.addSql("create index users_inactive on users (id) where not active;");
    this.addSql(`
      create index enrollments_without_seat on enrollments (status, id) where status in ('WAITLISTED', 'DROPPED');
    `);
  }

  override down(): void {
    this.addSql("drop index enrollments_without_seat, enrollments_of_seminar;");
    this.addSql(
      "drop index seminars_by_status, seminars_by_capacity, seminars_by_start, seminars_by_name, seminars_search;",
    );
    this.addSql("drop index users_inactive, users_staff, users_not_accepted, users_instructors, users_by_name;");
    this.addSql("alter table users drop column search_text;");
    this.addSql("drop function search_pattern, search_form;");
  }
}
