import { type Seminar, SeminarStatus } from "../../../src/catalogue/seminar.entity.ts";
import { EnrollmentRole, EnrollmentStatus } from "../../../src/enrollment/enrollment.entity.ts";
import { JoinSeminarRefusalCode as Code } from "../../../src/enrollment/enrollment.results.ts";
import type { TestServer } from "../../support/test-server.ts";
import type { Person } from "../../support/world.ts";
import {
  accepted,
  closed,
  enrolled,
  full,
  instructor,
  leader,
  notOpenYet,
  seminarWith,
  withPerson,
} from "./situations.ts";

const { PARTICIPANT, INSTRUCTOR } = EnrollmentRole;
const { ACTIVE, WAITLISTED, DROPPED } = EnrollmentStatus;
const { CANCELLED, FINISHED } = SeminarStatus;

/** One way in which the rules stand between a person and a seminar. */
export interface Obstacle {
  name: string;
  /** As what the person asks to join. */
  role: EnrollmentRole;
  /** Every rule that is broken, in the order of the rules. */
  codes: [Code, ...Code[]];
  make(server: TestServer): Promise<{ person: Person; seminar: Seminar }>;
}

/** Each rule from J3 to J8 by itself. */
export const singleObstacles: Obstacle[] = [
  {
    name: "J3: the seminar is cancelled",
    role: PARTICIPANT,
    codes: [Code.REGISTRATION_CLOSED],
    make: async (server) => ({ person: await accepted(server), seminar: await seminarWith(server, CANCELLED) }),
  },
  {
    name: "J3: the seminar is finished",
    role: INSTRUCTOR,
    codes: [Code.REGISTRATION_CLOSED],
    make: async (server) => ({ person: await instructor(server), seminar: await seminarWith(server, FINISHED) }),
  },
  {
    name: "J3: registration opens in a minute",
    role: PARTICIPANT,
    codes: [Code.NOT_OPEN_YET],
    make: async (server) => ({ person: await accepted(server), seminar: await notOpenYet(server) }),
  },
  {
    name: "J3: registration closed a minute ago",
    role: INSTRUCTOR,
    codes: [Code.REGISTRATION_CLOSED],
    make: async (server) => ({ person: await instructor(server), seminar: await closed(server) }),
  },
  {
    name: "J4: an instructor has no participant profile",
    role: PARTICIPANT,
    codes: [Code.MISSING_PROFILE],
    make: async (server) => ({ person: await instructor(server), seminar: await server.world.seminar() }),
  },
  {
    name: "J4: a participant has no instructor profile",
    role: INSTRUCTOR,
    codes: [Code.MISSING_PROFILE],
    make: async (server) => ({ person: await accepted(server), seminar: await server.world.seminar() }),
  },
  {
    name: "J5: the participant is not accepted",
    role: PARTICIPANT,
    codes: [Code.NOT_ACCEPTED],
    make: async (server) => ({
      person: await server.world.person({ accepted: false }),
      seminar: await server.world.seminar(),
    }),
  },
  {
    name: "J6: a participant of the seminar asks again",
    role: PARTICIPANT,
    codes: [Code.ALREADY_JOINED],
    make: (server) => enrolled(server, PARTICIPANT, ACTIVE),
  },
  {
    name: "J6: a participant of the seminar asks to be its instructor",
    role: INSTRUCTOR,
    codes: [Code.ALREADY_JOINED],
    make: (server) => enrolled(server, PARTICIPANT, ACTIVE),
  },
  {
    name: "J6: somebody who waits for a seat asks to be its instructor",
    role: INSTRUCTOR,
    codes: [Code.ALREADY_JOINED],
    make: (server) => enrolled(server, PARTICIPANT, WAITLISTED),
  },
  {
    name: "J6: an instructor of the seminar asks for a seat",
    role: PARTICIPANT,
    codes: [Code.ALREADY_JOINED],
    make: (server) => enrolled(server, INSTRUCTOR, ACTIVE),
  },
  {
    name: "J6: an instructor of the seminar asks again",
    role: INSTRUCTOR,
    codes: [Code.ALREADY_JOINED],
    make: (server) => enrolled(server, INSTRUCTOR, ACTIVE),
  },
  {
    name: "J6: somebody who dropped the seminar asks for a seat",
    role: PARTICIPANT,
    codes: [Code.ALREADY_DROPPED],
    make: (server) => enrolled(server, PARTICIPANT, DROPPED),
  },
  {
    name: "J6: somebody who dropped the seminar asks to be its instructor",
    role: INSTRUCTOR,
    codes: [Code.ALREADY_DROPPED],
    make: (server) => enrolled(server, PARTICIPANT, DROPPED),
  },
  {
    name: "J7: the instructor leads another seminar",
    role: INSTRUCTOR,
    codes: [Code.ALREADY_LEADING],
    make: async (server) => ({ person: await leader(server), seminar: await server.world.seminar() }),
  },
  {
    name: "J8: every seat is taken",
    role: PARTICIPANT,
    codes: [Code.SEMINAR_FULL],
    make: async (server) => ({ person: await accepted(server), seminar: await full(server) }),
  },
  {
    name: "J8: a seat is left, but somebody waits who could have it",
    role: PARTICIPANT,
    codes: [Code.SEMINAR_FULL],
    make: async (server) => {
      const { seminar } = await enrolled(server, PARTICIPANT, WAITLISTED);
      return { person: await accepted(server), seminar };
    },
  },
];

/** Several rules at once: the first is the refusal, all are listed. */
export const severalObstacles: Obstacle[] = [
  {
    name: "J3, J3: cancelled before registration opened",
    role: PARTICIPANT,
    codes: [Code.REGISTRATION_CLOSED],
    make: async (server) => ({
      person: await accepted(server),
      seminar: await notOpenYet(server, { status: CANCELLED }),
    }),
  },
  {
    name: "J3, J4: closed, and no profile",
    role: PARTICIPANT,
    codes: [Code.REGISTRATION_CLOSED, Code.MISSING_PROFILE],
    make: async (server) => ({ person: await instructor(server), seminar: await closed(server) }),
  },
  {
    name: "J3, J7: not open yet, and leads another",
    role: INSTRUCTOR,
    codes: [Code.NOT_OPEN_YET, Code.ALREADY_LEADING],
    make: async (server) => ({ person: await leader(server), seminar: await notOpenYet(server) }),
  },
  {
    name: "J4, J6: no instructor profile, and has a seat",
    role: INSTRUCTOR,
    codes: [Code.MISSING_PROFILE, Code.ALREADY_JOINED],
    make: async (server) => withPerson(server, await accepted(server), PARTICIPANT, ACTIVE),
  },
  {
    name: "J4, J8: no participant profile, and full",
    role: PARTICIPANT,
    codes: [Code.MISSING_PROFILE, Code.SEMINAR_FULL],
    make: async (server) => ({ person: await instructor(server), seminar: await full(server) }),
  },
  {
    name: "J5, J6: no longer accepted, and has a seat",
    role: PARTICIPANT,
    codes: [Code.NOT_ACCEPTED, Code.ALREADY_JOINED],
    make: async (server) => {
      const person = await server.world.person({ accepted: false });
      return withPerson(server, person, PARTICIPANT, ACTIVE);
    },
  },
  {
    name: "J5, J8: not accepted, and full",
    role: PARTICIPANT,
    codes: [Code.NOT_ACCEPTED, Code.SEMINAR_FULL],
    make: async (server) => ({
      person: await server.world.person({ accepted: false }),
      seminar: await full(server),
    }),
  },
  {
    name: "J6, J7: dropped, and leads another",
    role: INSTRUCTOR,
    codes: [Code.ALREADY_DROPPED, Code.ALREADY_LEADING],
    make: async (server) => withPerson(server, await leader(server), PARTICIPANT, DROPPED),
  },
  {
    name: "J6, J8: dropped, and the seat has been taken since",
    role: PARTICIPANT,
    codes: [Code.ALREADY_DROPPED, Code.SEMINAR_FULL],
    make: async (server) => {
      const person = await accepted(server);
      const seminar = await full(server);
      await server.world.enroll(seminar, person, { status: DROPPED });
      return { person, seminar };
    },
  },
  {
    name: "J6, J8: waits for a seat already",
    role: PARTICIPANT,
    codes: [Code.ALREADY_JOINED, Code.SEMINAR_FULL],
    make: async (server) => {
      const person = await accepted(server);
      const seminar = await full(server);
      await server.world.enroll(seminar, person, { status: WAITLISTED });
      return { person, seminar };
    },
  },
  {
    name: "J3, J5, J6, J8: closed, not accepted, in it, and full",
    role: PARTICIPANT,
    codes: [Code.REGISTRATION_CLOSED, Code.NOT_ACCEPTED, Code.ALREADY_JOINED, Code.SEMINAR_FULL],
    make: async (server) => {
      const seminar = await closed(server, { capacity: 1 });
      const person = await server.world.person({ accepted: false });
      await server.world.enroll(seminar, person);
      return { person, seminar };
    },
  },
];
