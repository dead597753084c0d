import { describe, expect, test } from "@jest/globals";
import { buildSchema, type GraphQLResolveInfo, getIntrospectionQuery, parse } from "graphql";
import { compiledExecution } from "../../../../src/platform/graphql/execution/compiled-execution.ts";
import { expectSame } from "./both.ts";
import { everything } from "./everything.ts";

describe("a compiled operation", () => {
  test("executes the fields of a mutation one after the other", async () => {
    const schema = buildSchema("type Query { a: Int } type Mutation { step(name: String!): String, now: String }");
    const document = parse('mutation { a: step(name: "a") now b: step(name: "b") c: step(name: "c") }');
    const logs: string[][] = [];
    await expectSame(() => {
      const log: string[] = [];
      logs.push(log);
      const step = async ({ name }: { name: string }) => {
        log.push(`${name} begins`);
        for (let tick = 0; tick < 5; tick++) await null;
        log.push(`${name} ends`);
        if (name === "b") throw new Error("b is broken");
        return name;
      };
      return { schema, document, rootValue: { step, now: () => log.push("now") } };
    });
    const inOrder = ["a begins", "a ends", "now", "b begins", "b ends", "c begins", "c ends"];
    expect(logs).toEqual([inOrder, inOrder]);
  });

  test("tells errors in the order of graphql-js, to the tick at which they come up", async () => {
    const document = parse(
      "{ alpha { sureAlphas { sureAlpha { sureText } } } text resolvedAlpha { either { ... on Alpha { text } } } }",
    );
    const failing = (ticks: number) => async () => {
      for (let tick = 0; tick < ticks; tick++) await null;
      throw new Error(`after ${ticks}`);
    };
    const orders = new Set<string>();
    for (let ticks = 0; ticks < 30; ticks++) {
      const inList = async () => [
        { sureAlpha: async () => ({ sureText: failing(1) }) },
        { sureAlpha: { sureText: "text" } },
      ];
      const inUnion = async () => ({ runtimeType: Promise.resolve("Alpha"), text: failing(2) });
      const rootValue = {
        alpha: { sureAlphas: inList },
        text: failing(ticks),
        resolvedAlpha: async () => ({ either: inUnion }),
      };
      const { errors } = await expectSame(() => ({ schema: everything, document, rootValue }));
      orders.add(`${errors?.map(({ path }) => path?.[0])}`);
    }
    expect(orders.size).toBeGreaterThan(2);
  });

  test("is complete at once when nothing of it comes later", () => {
    const result = compiledExecution()({ schema: everything, document: parse("{ int }"), rootValue: { int: 1 } });
    expect(result).toEqual({ data: { int: 1 } });
  });

  test.each([
    "{ __proto__: int constructor: int toString: text hasOwnProperty: int then: int }",
    "{ alpha { __proto__: alpha { __proto__: int } ...__proto__ } } fragment __proto__ on Alpha { valueOf: int }",
    "query __proto__($__proto__: Int, $constructor: Boolean = true) { echo(int: $__proto__) int @include(if: $constructor) }",
    "query toString($toString: Boolean = false) { int @skip(if: $toString) }",
  ])("takes names that objects have of themselves for any others: %s", async (source) => {
    for (const variableValues of [{}, JSON.parse('{ "__proto__": 3, "constructor": false, "toString": true }')]) {
      const alpha = { int: 2, alpha: { int: 3 } };
      const rootValue = { int: 1, text: "text", alpha, echo: ({ int }: { int: number }) => `${int}` };
      const result = await expectSame(() => ({
        schema: everything,
        document: parse(source),
        rootValue,
        variableValues,
      }));
      expect(result.errors).toBeUndefined();
    }
  });

  test("answers the introspection of every tool", async () => {
    const source = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true });
    await expectSame(() => ({ schema: everything, document: parse(source) }));
    await expectSame(() => ({
      schema: everything,
      document: parse('{ __type(name: "Alpha") { name fields { name } } }'),
    }));
  });

  test("gives resolvers arguments of their own each time, also those that stand in the document", async () => {
    const execute = compiledExecution();
    const document = parse("{ echo(ints: [1], point: { x: 1, next: { x: 2 } }) }");
    const seen: string[] = [];
    const echo = (args: { ints: number[]; point: { next: { x: number } } }) => {
      seen.push(JSON.stringify([args.ints, args.point]));
      args.ints.push(2);
      args.point.next.x = 5;
    };
    for (let time = 0; time < 2; time++) await execute({ schema: everything, document, rootValue: { echo } });
    expect(seen).toEqual([seen[0], seen[0]]);
  });

  test("leaves no rejection unheard when one item of a list fails at once and another later", async () => {
    const late = async () => {
      await null;
      throw new Error("late");
    };
    const rootValue = { sureAlphas: [{ sureText: late }, { sureText: null }, { sureText: late }] };
    const document = parse("{ sureAlphas { sureText } }");
    const result = await compiledExecution()({ schema: everything, document, rootValue });
    expect(result.errors?.map(({ message }) => message)).toEqual([
      "Cannot return null for non-nullable field Alpha.sureText.",
    ]);
    // By the next macrotask Node would have told of it, and the test would have failed.
    await new Promise(setImmediate);
  });
});

describe("what cannot be executed", () => {
  const several = "query A { int } query B { text } fragment F on Query { int }";

  test.each([
    { what: "several operations and no name", source: several },
    { what: "one of several operations", source: several, operationName: "B" },
    { what: "an unknown operation", source: several, operationName: "C" },
    { what: "an operation named as nothing", source: several, operationName: "" },
    { what: "no operation", source: "fragment F on Query { int }" },
    { what: "a kind of operation that there is none of", source: "subscription { int }" },
    { what: "unknown fields", source: "{ nothing int { below } alpha { nothing } text }" },
    { what: "an unknown fragment, and one of an unknown type", source: "{ ...None ... on None { int } int }" },
    { what: "unknown arguments, and missing ones", source: "{ int(a: 1) resolvedEcho resolvedInt(a: 1) }" },
    { what: "an object without a selection, and a list of them", source: "{ alpha sureAlphas }" },
    { what: "a condition without a value", source: "{ int @skip alpha { int @include(if: $none) } }" },
  ])("is answered as graphql-js does: $what", async ({ source, operationName }) => {
    const rootValue = { int: 1, text: "text", alpha: { int: 2 }, sureAlphas: [{}], resolvedInt: 3 };
    await expectSame(() => ({ schema: everything, document: parse(source), rootValue, operationName }));
  });

  test("a list of a hundred values that are refused is told up to the fiftieth", async () => {
    const document = parse("query ($ints: [Int!]) { echo(ints: $ints) }");
    const variableValues = { ints: Array.from({ length: 100 }, () => "one") };
    const result = await expectSame(() => ({ schema: everything, document, variableValues }));
    expect(result.errors).toHaveLength(51);
    expect(result).not.toHaveProperty("data");
  });
});

describe("the plan of an operation", () => {
  /** Executes the document and gives what the fields named `resolved...` were told, by response key. */
  function plansOf(execute: ReturnType<typeof compiledExecution>, source: string | ReturnType<typeof parse>) {
    const document = typeof source === "string" ? parse(source) : source;
    return async (variableValues?: Record<string, unknown>) => {
      const calls: { info: GraphQLResolveInfo }[] = [];
      const alphas = ["a", "b"].map((text) => ({ resolvedText: text, sureText: text }));
      const rootValue = { resolvedInt: 1, resolvedAlphas: alphas, sureText: "text" };
      const result = await execute({
        schema: everything,
        document,
        rootValue,
        contextValue: { calls },
        variableValues,
      });
      expect(result.errors).toBeUndefined();
      return calls.map(({ info }) => info.fieldNodes);
    };
  }

  /** Whether the same field was worked out once for both. */
  const isSame = (one: readonly unknown[], other: readonly unknown[]) =>
    one.every((nodes, index) => nodes === other[index]);

  test("is remembered, for objects of one list and from one execution to the next", async () => {
    const run = plansOf(compiledExecution(), "{ resolvedAlphas { resolvedText } }");
    const [first, second] = [await run(), await run()];
    expect(first).toHaveLength(3);
    expect(first[1]).toBe(first[2]);
    expect(isSame(first, second)).toBe(true);
  });

  test("is another one for each choice of what is included", async () => {
    const run = plansOf(
      compiledExecution(),
      "query ($a: Boolean = false, $b: Boolean!) { a: resolvedInt @include(if: $a) b: resolvedInt @skip(if: $b) c: resolvedInt }",
    );
    const choices = [{ b: true }, { b: false }, { a: true, b: true }, { a: true, b: false }];
    const first = [];
    for (const choice of choices) first.push(await run(choice));
    expect(first.map(({ length }) => length)).toEqual([1, 2, 2, 3]);
    for (const [index, choice] of choices.entries()) {
      expect(isSame(first[index] ?? [], await run(choice))).toBe(true);
    }
  });

  test("is another one for each operation of a document", async () => {
    const document = parse("query A { a: resolvedInt } query B { b: resolvedInt }");
    for (const operationName of ["A", "B", "A"]) {
      await expectSame(() => ({ schema: everything, document, operationName, rootValue: { resolvedInt: 1 } }));
    }
  });

  const wide = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name}${index}: sureText`).join(" ");

  test("is forgotten with all others when they have 20,000 fields together", async () => {
    const execute = compiledExecution();
    const run = plansOf(execute, "{ resolvedInt }");
    const first = await run();
    for (let other = 0; other < 19; other++) await plansOf(execute, `{ ${wide("w", 1000)} }`)();
    expect(isSame(first, await run())).toBe(true);
    for (let other = 0; other < 2; other++) await plansOf(execute, `{ ${wide("w", 1000)} }`)();
    const again = await run();
    expect(isSame(first, again)).toBe(false);
    expect(isSame(again, await run())).toBe(true);
  });

  test("may have more fields than are remembered: those are worked out for each object", async () => {
    const below = `{ resolvedText ${wide("w", 800)} }`;
    const branches = Array.from({ length: 30 }, (_, index) => `b${index}: resolvedAlphas ${below}`);
    const document = parse(`{ ${branches.join(" ")} }`);
    const run = plansOf(compiledExecution(), document);
    const calls = await run();
    expect(calls).toHaveLength(90);
    const namesOf = (fields: typeof calls) => fields.map(([node]) => node?.alias?.value ?? node?.name.value);
    expect(namesOf(calls)).toEqual(namesOf(await run()));
    const alphas = [
      { sureText: "a", resolvedText: "b" },
      { sureText: "c", resolvedText: "d" },
    ];
    await expectSame(() => ({ schema: everything, document, rootValue: { resolvedAlphas: alphas } }));
  });
});
