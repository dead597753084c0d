import { type DocumentNode, parse } from "graphql";
import type { Random } from "./random.ts";

const leaves = ["id", "int", "sureInt", "float", "text", "sureText", "flag", "color", "sureColor", "any", "__typename"];
const lists = ["ints", "sureInts", "matrix", "colors"];
const below: Record<string, readonly string[]> = {
  Alpha: ["alpha", "sureAlpha", "alphas", "sureAlphas", "grid", "resolvedAlpha", "resolvedAlphas"],
  Beta: ["beta"],
  Named: ["named", "sureNamed", "nameds"],
  Either: ["either", "eithers"],
  Shape: ["shape", "shapes"],
};
const fieldsOfNamed = ["id", "text", "sureText", "__typename"];
const fieldsOfShape = ["id", "sureInt", "text", "__typename"];
const conditions: Record<string, readonly string[]> = {
  Alpha: ["Alpha", "Named", "Either"],
  Beta: ["Beta", "Named", "Either"],
  Named: ["Alpha", "Beta", "Named", "Either"],
  Either: ["Alpha", "Beta", "Named"],
  Shape: ["Circle", "Square", "Shape"],
  Circle: ["Circle", "Shape"],
  Square: ["Square", "Shape"],
};

const variableDefinitions =
  "($int: Int, $sureInt: Int! = 4, $text: String = null, $color: Color, $ints: [Int!], $point: Point, $x: Int!, " +
  "$on: Boolean!, $off: Boolean = false)";

/** An operation on `everything`; some select what cannot be merged, which is executed all the same. */
export function documentOf(random: Random): DocumentNode {
  return parse(new Writer(random).write());
}

/** Values for the variables of such an operation; now and then some that are refused. */
export function variablesOf(random: Random): Record<string, unknown> {
  const variables: Record<string, unknown> = { on: random.chance(0.5), x: random.below(9) };
  const maybe = (name: string, ...values: unknown[]) => {
    if (random.chance(0.6)) variables[name] = random.pick(values);
  };
  maybe("off", true, false);
  maybe("int", 1, null, 12);
  maybe("sureInt", 5, 6);
  maybe("text", "a text", null);
  maybe("color", "RED", "GREEN", "BLUE");
  maybe("ints", [1, 2], 3, []);
  maybe("point", { x: 1, next: { x: 2 } }, { x: 3, y: null }, null);
  if (random.chance(0.1)) maybe("off", null);
  if (random.chance(0.05)) maybe("sureInt", null, "five", {});
  if (random.chance(0.05)) maybe("point", { y: 1 }, { x: 1, z: 2 }, { x: 1, next: { x: "two" } });
  return variables;
}

class Writer {
  readonly #random: Random;
  readonly #fragments = new Map<string, string>();

  constructor(random: Random) {
    this.#random = random;
  }

  write(): string {
    const kind = this.#random.pick(["query", "query", "mutation"]);
    const root = kind === "query" ? "Query" : "Mutation";
    const operation = `${kind} Q${variableDefinitions} ${this.#selection(root, 4)}`;
    return [operation, ...this.#fragments.values()].join("\n");
  }

  #selection(type: string, depth: number): string {
    const count = 1 + this.#random.below(6);
    return `{ ${Array.from({ length: count }, () => this.#selected(type, depth)).join(" ")} }`;
  }

  #selected(type: string, depth: number): string {
    const fragmentTypes = conditions[type];
    if (depth > 0 && this.#random.chance(0.15)) {
      const condition = fragmentTypes && this.#random.chance(0.8) ? this.#random.pick(fragmentTypes) : null;
      const on = condition ? `on ${condition} ` : "";
      return `... ${on}${this.#directive()} ${this.#selection(condition ?? type, depth - 1)}`;
    }
    if (depth > 0 && fragmentTypes && this.#random.chance(0.1)) return this.#spread(fragmentTypes, depth);
    return depth > 0 && this.#random.chance(0.5) ? this.#fieldBelow(type, depth) : this.#leaf(type);
  }

  #spread(types: readonly string[], depth: number): string {
    const type = this.#random.pick(types);
    const name = `F${type}${depth}${this.#random.below(2)}`;
    if (!this.#fragments.has(name)) {
      this.#fragments.set(name, "");
      this.#fragments.set(name, `fragment ${name} on ${type} ${this.#selection(type, depth - 1)}`);
    }
    return `...${name} ${this.#directive()}`;
  }

  #fieldBelow(type: string, depth: number): string {
    const target =
      type === "Either"
        ? null
        : this.#random.pick(type === "Named" ? ["Alpha", "Named"] : type === "Shape" ? ["Shape"] : Object.keys(below));
    if (!target) return "__typename";
    const names = type === "Named" ? [target.toLowerCase()] : type === "Shape" ? ["shapes"] : (below[target] ?? []);
    return `${this.#key()}${this.#random.pick(names)} ${this.#directive()} ${this.#selection(target, depth - 1)}`;
  }

  #leaf(type: string): string {
    if (type === "Either") return `${this.#key()}__typename`;
    if (type === "Named") return `${this.#key()}${this.#random.pick(fieldsOfNamed)} ${this.#directive()}`;
    if (type === "Shape") return `${this.#key()}${this.#random.pick(fieldsOfShape)} ${this.#directive()}`;
    const field = this.#random.chance(0.2)
      ? this.#withArguments()
      : this.#random.pick([...leaves, ...leaves, ...lists]);
    const resolved = this.#random.chance(0.1) ? this.#random.pick(["resolvedInt", "resolvedText"]) : field;
    return `${this.#key()}${resolved} ${this.#directive()}`;
  }

  #withArguments(): string {
    const given = (name: string, ...values: string[]) =>
      this.#random.chance(0.5) ? [`${name}: ${this.#random.pick(values)}`] : [];
    if (this.#random.chance(0.4)) {
      const required = `int: ${this.#random.pick(["1", "$sureInt", "$x"])}`;
      const any = given("any", "1", '{ a: [1, $x], b: "text" }', "[RED]", "null", "$x");
      return `resolvedEcho(${[required, ...any, ...given("color", "$color", "BLUE"), ...given("point", "$point", "{ x: $x }")].join(" ")})`;
    }
    const given_ = [
      ...given("int", "5", "$int", "$sureInt", "null"),
      ...given("text", '"text"', "$text", "null"),
      ...given("color", "GREEN", "$color"),
      ...given("ints", "[1, 2]", "3", "$ints", "[$x, 4]"),
      ...given("point", "{ x: 1 }", "$point", "{ x: $x, next: $point }", "{ x: 1, next: { x: 2, y: $int } }"),
      ...given("points", "[]", "[{ x: 2 }, { x: $x }]", "{ x: 5 }"),
    ];
    return given_.length > 0 ? `echo(${given_.join(" ")})` : "echo";
  }

  #key(): string {
    return this.#random.chance(0.2) ? `${this.#random.pick(["a", "b", "__proto__", "constructor", "toString"])}: ` : "";
  }

  #directive(): string {
    if (!this.#random.chance(0.15)) return "";
    const condition = this.#random.pick(["true", "false", "$on", "$off"]);
    return `@${this.#random.pick(["skip", "include"])}(if: ${condition})`;
  }
}
