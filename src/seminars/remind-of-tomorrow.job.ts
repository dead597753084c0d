import type { EntityManager } from "@mikro-orm/postgresql";
import { sql } from "kysely";
import { z } from "zod";
import { selectRows } from "../platform/database/sql/select-rows.ts";
import { defineJob } from "../platform/jobs/define-job.ts";
import { enqueueAll } from "../platform/jobs/enqueue.ts";
import { mailTomorrow } from "./seminar-mails.job.ts";

/**
 * Reminds everyone who has a session tomorrow. Tomorrow is counted from the evening that the schedule meant, also when
 * that is made up for later; a session that has begun meanwhile needs no reminder any more.
 */
export const remindOfTomorrow = defineJob({
  name: "remindOfTomorrow",
  payload: z.object({ _cron: z.object({ ts: z.iso.datetime() }) }),
  priority: 15,
  maxAttempts: 10,
  inOneTransaction: true,
  async run({ em, settings, log }, { _cron }) {
    const people = await peopleWithSession(em, settings.timeZone, _cron.ts);
    const specs = people.map(({ seminarId, userId, date }) =>
      mailTomorrow.of({ seminarId, userId, date }, { key: `mailTomorrow:${seminarId}:${userId}:${date}` }),
    );
    await enqueueAll(em, specs);
    log.info({ people: people.length }, "reminded of tomorrow");
  },
});

interface Reminded {
  seminarId: string;
  userId: string;
  /** YYYY-MM-DD */
  date: string;
}

function peopleWithSession(em: EntityManager, timeZone: string, evening: string): Promise<Reminded[]> {
  return selectRows(
    em,
    sql<Reminded>`with tomorrow as (
        select (${evening}::timestamptz at time zone ${timeZone})::date + 1 as day
      )
      select seminars.id as "seminarId", enrollments.user_id as "userId", tomorrow.day::text as date
      from tomorrow
      join seminars on seminars.status = 'SCHEDULED'
        and (tomorrow.day - seminars.starts_on) % 7 = 0
        and tomorrow.day - seminars.starts_on between 0 and 7 * (seminars.session_count - 1)
      join enrollments on enrollments.seminar_id = seminars.id and enrollments.status = 'ACTIVE'
      where (tomorrow.day + seminars.time::time) at time zone ${timeZone} > now()
      order by seminars.id, enrollments.sequence`,
  );
}
