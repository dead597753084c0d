import {
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { colors, everything, type Recorder } from "./everything.ts";
import { Random } from "./random.ts";

/** Of which data an execution is: the same for the same seed, however often and in whatever order it is read. */
export interface Data {
  readonly seed: number;
  /** How likely it is that a value is something else than its type wants. */
  readonly faultRate: number;
  /** How likely it is that a value comes later. */
  readonly lateRate: number;
}

/** An object whose properties are made when they are read. */
export function objectOf(type: GraphQLObjectType, data: Data): object {
  const prototype = prototypes.get(type) ?? prototypeOf(type);
  prototypes.set(type, prototype);
  return Object.assign(Object.create(prototype), { data, runtimeType: type.name });
}

const prototypes = new Map<GraphQLObjectType, object>();

function prototypeOf(type: GraphQLObjectType): object {
  const properties = Object.values(type.getFields()).map(({ name, type }) => {
    const get = function get(this: { data: Data }) {
      return propertyOf(type, Random.named(this.data.seed, name), this.data);
    };
    return [name, { get }];
  });
  return Object.defineProperties({}, Object.fromEntries(properties));
}

/** A value, a promise of one, or a method that gives one; or something that goes wrong on the way. */
function propertyOf(type: GraphQLOutputType, random: Random, data: Data): unknown {
  const isMethod = random.chance(0.2);
  const make = () => deliveryOf(type, random, data);
  if (!isMethod) return make();
  return function method(this: unknown, args: unknown, context: Recorder, info: never) {
    context.calls.push({ what: `method of ${typeof this}`, args, info });
    return make();
  };
}

function deliveryOf(type: GraphQLOutputType, random: Random, data: Data): unknown {
  const isFault = random.chance(data.faultRate / 2);
  if (random.chance(data.lateRate)) {
    const ticks = random.below(6);
    const value = isFault ? null : resolvedTo(type, random, data);
    const fault = isFault ? faultOf(random) : null;
    if (random.chance(0.1)) return thenable(value, fault);
    return later(ticks, value, fault);
  }
  if (!isFault) return resolvedTo(type, random, data);
  const { thrown } = faultOf(random);
  if (thrown instanceof Error && random.chance(0.5)) return thrown;
  throw thrown;
}

/** Its rejection counts as heard: an executor may leave it alone once something else has failed. */
function later(ticks: number, value: unknown, fault: Fault | null): Promise<unknown> {
  const promise = (async () => {
    for (let tick = 0; tick < ticks; tick++) await null;
    if (fault) throw fault.thrown;
    return value;
  })();
  promise.catch(() => {});
  return promise;
}

/** What is no promise, but has its method. */
function thenable(value: unknown, fault: Fault | null): unknown {
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for
  return { then: (...handlers: Parameters<Promise<unknown>["then"]>) => later(0, value, fault).then(...handlers) };
}

interface Fault {
  readonly thrown: unknown;
}

function faultOf(random: Random): Fault {
  const located = () => new GraphQLError("located elsewhere", { path: ["else", 0] });
  const extended = () => new GraphQLError("extended", { extensions: { code: "EXTENDED", deep: [1] } });
  const make = random.pick([
    () => new Error(`broken ${random.below(9)}`),
    () => new TypeError("wrong"),
    located,
    extended,
    () => "a text",
    () => undefined,
    () => ({ neither: "error" }),
  ]);
  return { thrown: make() };
}

function resolvedTo(type: GraphQLOutputType, random: Random, data: Data): unknown {
  if (isNonNullType(type)) return random.chance(data.faultRate / 4) ? null : resolvedTo(type.ofType, random, data);
  if (random.chance(0.08)) return random.pick([null, undefined]);
  if (isListType(type)) return listOf(type.ofType, random, data);
  if (isAbstractType(type)) return abstractOf(type.name, random, data);
  if (isObjectType(type)) return objectOf(type, { ...data, seed: random.below(2 ** 31) });
  const isFault = random.chance(data.faultRate);
  if (isEnumType(type)) return isFault ? "PURPLE" : random.pick(Object.values(colors));
  return isFault ? random.pick(["fault", "nothing", {}, Number.NaN, [], 2 ** 40]) : leaves[type.name]?.(random);
}

const leaves: Record<string, (random: Random) => unknown> = {
  ID: (random) => random.pick(["an id", 7]),
  Int: (random) => random.pick([random.below(100), "12", true, 3]),
  Float: (random) => random.pick([random.next(), "1.5", 2]),
  String: (random) =>
    random.pick<unknown>(["", "text", 5, false, { valueOf: () => "value" }, { toJSON: () => "json" }]),
  Boolean: (random) => random.pick([true, false, 0, 1]),
  Any: (random) => random.pick<unknown>([1, "any", { deep: [1, { er: null }] }, [], new Date(0), 0, ""]),
};

function listOf(itemType: GraphQLOutputType, random: Random, data: Data): unknown {
  if (random.chance(data.faultRate / 2)) return random.pick<unknown>(["no list", 5, {}, { length: 1, 0: 1 }]);
  const deliver = () => itemOf(itemType, random, data);
  const length = random.below(4);
  const kind = random.pick(["array", "array", "array", "set", "generator"]);
  if (kind === "generator") return generate(length, deliver);
  const items = Array.from({ length }, deliver);
  return kind === "set" ? new Set(items) : items;
}

function* generate(length: number, deliver: () => unknown): Generator<unknown> {
  for (let index = 0; index < length; index++) yield deliver();
}

/**
 * Where anything is late, items that must not be null all are: graphql-js loses sight of the items before one that fails
 * at once, and the tests would fail for what is rejected then.
 */
function itemOf(type: GraphQLOutputType, random: Random, data: Data): unknown {
  if (isNonNullType(type) && data.lateRate > 0) return deliveryOf(type, random, { ...data, lateRate: 1 });
  try {
    return deliveryOf(type, random, data);
  } catch {
    return new Error("broken item");
  }
}

function abstractOf(name: string, random: Random, data: Data): unknown {
  const types = everything.getPossibleTypes(everything.getType(name) as never);
  const type = random.pick(types);
  const told = random.chance(data.faultRate)
    ? random.pick<unknown>(["Circle", "Color", "Missing", type, 5, null, undefined])
    : type.name;
  const object = objectOf(type, { ...data, seed: random.below(2 ** 31) });
  const isLate = random.chance(data.lateRate);
  const isOf = (wanted: string) => {
    if (told === 5) throw new Error(`no ${wanted}`);
    return told === wanted;
  };
  return Object.assign(object, {
    ...(name === "Named" && { __typename: told }),
    runtimeType: isLate ? later(1, told, null) : told,
    isCircle: () => isOf("Circle"),
    isSquare: () => (isLate ? later(0, null, null).then(() => isOf("Square")) : isOf("Square")),
  });
}
