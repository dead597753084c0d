import { type GraphQLNamedInputType, isEnumType, isInputObjectType } from "graphql";

/** Stands in every hostile text, so that a test sees when one comes back. */
export const marker = "hunter2";

const unstorable = [`${marker}\0word`, `\ud800${marker}`, `${marker}\udc00`];
const overlong = marker.padEnd(10_000, "x");
const noText = [5, true, {}, ["a", "b"]];
const noWholeNumber = [2 ** 31, 2 ** 53, 1e21, -(2 ** 31) - 1, 1.5, `${marker}`, "5", "", true, {}, [5, 6]];

const byType: Readonly<Record<string, unknown[]>> = {
  String: [...unstorable, overlong, ...noText],
  ID: [true, {}, 1.5, ["a", "b"]],
  Int: [...noWholeNumber, 0, -1],
  PositiveInt: [...noWholeNumber, 0, -1],
  NonNegativeInt: [...noWholeNumber, -1],
  Boolean: ["true", 1, {}, ["a"], ""],
  EmailAddress: ["", marker, "a@b@c", "a@", `${overlong}@example.com`, ...unstorable, ...noText],
  LocalTime: ["", "24:00", "12:60", "7:30", "18:30:15", "-1:00", marker, overlong, ...unstorable, ...noText],
  LocalDate: [
    ...["", "2026-02-30", "2026-13-01", "0000-01-01", "+010000-01-01", "-000001-01-01", "24.12.2026", "infinity"],
    ...[marker, overlong, ...unstorable, ...noText],
  ],
  DateTime: [
    ...["", "2026-02-30T12:00:00Z", "2026-12-24T24:00:00Z", "2026-12-24", "2026-12-24T12:00:00", "infinity", "now"],
    ...["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "+010000-01-01T00:00:00Z"],
    ...[marker, overlong, ...unstorable, ...noText],
  ],
};

/** Values that must be refused with BAD_USER_INPUT wherever the type stands. */
export function refusedValues(type: GraphQLNamedInputType): unknown[] {
  if (isEnumType(type)) return ["NO_SUCH", type.getValues()[0]?.name.toLowerCase(), "", 1, true, {}, ["a"]];
  if (isInputObjectType(type)) return [marker, 5, true, [5], { noSuchField: marker }];
  const values = byType[type.name];
  if (!values) throw new Error(`Say here which values of ${type.name} are hostile.`);
  return values;
}

/** Values that fit some rules and not others, or are ids of nothing: any answer but a fault of the server is right. */
export function oddValues(type: GraphQLNamedInputType): unknown[] {
  if (type.name !== "ID") return type.name === "String" ? [null, "", " ", "%_\\", "'; drop table users; --"] : [null];
  return [null, "", ...unknownIds];
}

/** Ids that are malformed, and one that is only unknown. */
export const unknownIds = [
  ...unstorable,
  overlong,
  "no-such-id",
  "' or 1=1 --",
  "00000000-0000-0000-0000-00000000000g",
  "{0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00}",
  "0199F1F4-7A5E-7C3E-8D2B-5A4F3C2B1A00",
  "0199f1f4-7a5e-7c3e-8d2b-5a4f3c2b1a00",
  -1,
  2 ** 31,
];
