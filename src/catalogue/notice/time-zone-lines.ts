/** One stretch of time for which a zone keeps its clocks the same. Offsets are in seconds east of UTC. */
interface Observance {
  /** The first instant of it. */
  onset: number;
  offsetBefore: number;
  offset: number;
}

const secondMs = 1_000;
const dayMs = 24 * 60 * 60 * secondMs;

/**
 * The VTIMEZONE of a zone (RFC 5545, 3.6.5), with every change of clocks from `from` to `until` written out: so a reader
 * needs to know neither the zone nor its rules.
 */
export function timeZoneLines(timeZone: string, from: Date, until: Date): string[] {
  const offsetAt = offsets(timeZone);
  return [
    "BEGIN:VTIMEZONE",
    `TZID:${timeZone}`,
    ...observances(offsetAt, from.getTime(), until.getTime()).flatMap((observance) => {
      const kind = isDaylightTime(offsetAt, observance) ? "DAYLIGHT" : "STANDARD";
      return [
        `BEGIN:${kind}`,
        `DTSTART:${localTimeText(new Date(observance.onset + observance.offsetBefore * secondMs))}`,
        `TZOFFSETFROM:${offsetText(observance.offsetBefore)}`,
        `TZOFFSETTO:${offsetText(observance.offset)}`,
        `END:${kind}`,
      ];
    }),
    "END:VTIMEZONE",
  ];
}

/** A local time as iCalendar writes it; the fields of the date that are in UTC are taken for local. */
export function localTimeText(local: Date): string {
  return local
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replaceAll(/[-:]/g, "");
}

type OffsetAt = (instant: number) => number;

function offsets(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  return (instant) => {
    const name = format.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes, seconds = "0"] = name.match(/([+-])(\d+):(\d+)(?::(\d+))?$/) ?? [];
    if (!sign) return 0;
    const size = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
    return sign === "-" ? -size : size;
  };
}

/** No zone keeps its clocks for less than a week. */
function observances(offsetAt: OffsetAt, from: number, until: number): Observance[] {
  const first = offsetAt(from);
  const found: Observance[] = [{ onset: from, offsetBefore: first, offset: first }];
  let offsetBefore = first;
  for (let time = from; time < until; time += 7 * dayMs) {
    const offset = offsetAt(time + 7 * dayMs);
    if (offset === offsetBefore) continue;
    found.push({ onset: changeBetween(offsetAt, time, time + 7 * dayMs), offsetBefore, offset });
    offsetBefore = offset;
  }
  return found;
}

/** The first instant, to the second, that has the offset of `after`. */
function changeBetween(offsetAt: OffsetAt, before: number, after: number): number {
  let [low, high] = [before, after];
  const offset = offsetAt(after);
  while (high - low > secondMs) {
    const middle = low + Math.floor((high - low) / (2 * secondMs)) * secondMs;
    if (offsetAt(middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

/** Daylight time is what lies above the lower of winter and summer. */
function isDaylightTime(offsetAt: OffsetAt, { onset, offset }: Observance): boolean {
  const year = new Date(onset).getUTCFullYear();
  return offset > Math.min(offsetAt(Date.UTC(year, 0, 1)), offsetAt(Date.UTC(year, 6, 1)));
}

function offsetText(offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3_600), Math.floor(size / 60) % 60, size % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  if (size % 60 === 0) parts.pop();
  return `${offset < 0 ? "-" : "+"}${parts.join("")}`;
}
