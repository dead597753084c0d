/** A field of a seminar with a value that S1 allows or refuses, and what the test is called. */
export type FieldCase = [title: string, field: string, value: unknown];

const seat = "💺";
const yesterday = new Date(Date.now() - 86_400_000).toISOString();

/** What both `createSeminar` and `updateSeminar` take (S1). */
export const allowedValues: FieldCase[] = [
  ["a name of one character", "name", "가"],
  ["a name of 100 code points outside the basic plane", "name", seat.repeat(100)],
  ["a capacity of 1", "capacity", 1],
  ["a capacity of 100,000", "capacity", 100_000],
  ["one session", "sessionCount", 1],
  ["1,000 sessions", "sessionCount", 1_000],
  ["midnight", "time", "00:00"],
  ["the last minute of a day", "time", "23:59"],
  ["a place", "online", false],
  ["an empty description", "description", ""],
  ["a description of 5,000 code points", "description", seat.repeat(5_000)],
  ["a first session that is over", "startsOn", "2001-02-03"],
  ["a first session on a leap day", "startsOn", "2028-02-29"],
  ["an opening in the past", "registrationOpensAt", yesterday],
  ["a closing in the past", "registrationClosesAt", yesterday],
];

/** What both `createSeminar` and `updateSeminar` refuse (S1). */
export const refusedValues: FieldCase[] = [
  ["an empty name", "name", ""],
  ["a name of white space", "name", " \t\n\u3000"],
  ["a name of 101 characters", "name", "a".repeat(101)],
  ["a name of 101 code points outside the basic plane", "name", seat.repeat(101)],
  ["a name with a NUL", "name", "a\0b"],
  ["a name with half of a surrogate pair", "name", "a\ud83db"],
  ["a name that is a number", "name", 7],
  ["no capacity at all", "capacity", 0],
  ["a negative capacity", "capacity", -1],
  ["a capacity above 100,000", "capacity", 100_001],
  ["a capacity beyond 32 bits", "capacity", 2 ** 40],
  ["half a seat", "capacity", 1.5],
  ["no session", "sessionCount", 0],
  ["1,001 sessions", "sessionCount", 1_001],
  ["a time with seconds", "time", "18:30:00"],
  ["hour 24", "time", "24:00"],
  ["an hour of one digit", "time", "9:30"],
  ["minute 60", "time", "18:60"],
  ["an empty time", "time", ""],
  ["a time with white space", "time", "18:30 "],
  ["a description of 5,001 characters", "description", "a".repeat(5_001)],
  ["a description with a NUL", "description", "\0"],
  ["a day that no calendar has", "startsOn", "2026-02-30"],
  ["a day in another form", "startsOn", "2026/02/03"],
  ["the year 0", "startsOn", "0000-01-01"],
  ["an instant that is none", "registrationOpensAt", "tomorrow"],
  ["an instant without a zone", "registrationClosesAt", "2026-02-03T12:00:00"],
  ["an instant in the year 0", "registrationOpensAt", "0000-01-01T00:00:00Z"],
];
