/** An iCalendar file, taken apart: properties by name (parameters cut off), and the components inside. */
export interface CalendarPart {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** The parameters of a property, such as `TZID=Asia/Seoul`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly parts: readonly CalendarPart[];
}

/** Takes an iCalendar file apart. It fails on lines that are too long or that do not end as they have to. */
export function parseCalendar(text: string): CalendarPart {
  if (!text.endsWith("\r\n") || /[^\r]\n|\r[^\n]/.test(text)) throw new Error("A line does not end with CRLF.");
  if (text.split("\r\n").some((line) => Buffer.byteLength(line) > 75)) throw new Error("A line is too long.");
  const lines = text.replaceAll("\r\n ", "").trimEnd().split("\r\n");
  const [root] = partsOf(lines);
  if (!root || lines.length > 0) throw new Error("It is not one calendar.");
  return root;
}

/** The components that `lines` begin with; it takes their lines away. */
function partsOf(lines: string[]): CalendarPart[] {
  const parts: CalendarPart[] = [];
  while (lines[0]?.startsWith("BEGIN:")) parts.push(partOf(lines));
  return parts;
}

function partOf(lines: string[]): CalendarPart {
  const name = (lines.shift() ?? "").slice("BEGIN:".length);
  const values: Record<string, string> = {};
  const parameters: Record<string, string> = {};
  const parts: CalendarPart[] = [];
  while (lines.length > 0) {
    parts.push(...partsOf(lines));
    const line = lines.shift() ?? "";
    if (line === `END:${name}`) return { name, values, parameters, parts };
    const [, key = "", parameter = "", value = ""] = line.match(/^([A-Z-]+)(?:;([^:]*))?:(.*)$/) ?? [];
    values[key] = value.replaceAll(/\\([\\;,n])/g, (_all, character) => (character === "n" ? "\n" : character));
    parameters[key] = parameter;
  }
  throw new Error(`${name} does not end.`);
}

/** The event of a calendar. */
export function eventOf(text: string): CalendarPart {
  const event = parseCalendar(text).parts.find(({ name }) => name === "VEVENT");
  if (!event) throw new Error("The calendar has no event.");
  return event;
}
