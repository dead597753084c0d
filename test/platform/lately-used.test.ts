import { expect, test } from "@jest/globals";
import { LatelyUsed } from "../../src/platform/lately-used.ts";

test("a map of what was used lately keeps what is asked for, and forgets the rest when it becomes too large", () => {
  const map = new LatelyUsed<string, number>(10);
  map.set("asked for", 1);
  map.set("left alone", 2);
  for (let index = 0; index < 100; index++) {
    map.set(`new ${index}`, index);
    expect(map.get("asked for")).toBe(1);
  }
  expect(map.get("left alone")).toBeUndefined();
  const remembered = Array.from({ length: 100 }, (_, index) => map.get(`new ${index}`)).filter(
    (value) => value !== undefined,
  );
  expect(remembered.length).toBeLessThan(10);
});

test("a map of what was used lately forgets nothing when what it has is set again", () => {
  const map = new LatelyUsed<number, string>(4);
  for (const key of [1, 2, 3, 4]) map.set(key, "first");
  map.set(4, "again");
  expect(map.get(1)).toBe("first");
});

test("a map of what was used lately gives the value that was set last", () => {
  const map = new LatelyUsed<string, number>(4);
  for (const value of [1, 2, 3]) map.set("same", value);
  expect(map.get("same")).toBe(3);
});
