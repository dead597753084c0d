import { expect, test } from "@jest/globals";
import type { GraphQLObjectType } from "graphql";
import { expectSame } from "./both.ts";
import { documentOf, variablesOf } from "./documents.ts";
import { everything } from "./everything.ts";
import { Random } from "./random.ts";
import { objectOf } from "./values.ts";

const root = everything.getQueryType() as GraphQLObjectType;

const kinds = [
  { kind: "data that is right and there", faultRate: 0, lateRate: 0 },
  { kind: "data that is partly wrong or missing", faultRate: 0.1, lateRate: 0 },
  { kind: "data that is often wrong", faultRate: 0.4, lateRate: 0 },
  { kind: "data of which some comes later", faultRate: 0, lateRate: 0.3 },
  { kind: "data of which some comes later and some is wrong", faultRate: 0.05, lateRate: 0.3 },
  { kind: "data that mostly comes later and is often wrong", faultRate: 0.3, lateRate: 0.8 },
];

const documents = Array.from({ length: 160 }, (_, seed) => documentOf(new Random(seed)));

test.each(kinds)("is what graphql-js gives, for $kind", async ({ kind, ...rates }) => {
  let errors = 0;
  for (const [number, document] of documents.entries()) {
    const random = Random.named(number, kind);
    const data = { ...rates, seed: random.below(2 ** 31) };
    const variableValues = variablesOf(random);
    const result = await expectSame(() => ({
      schema: everything,
      document,
      rootValue: objectOf(root, data),
      variableValues,
    }));
    errors += result.errors?.length ?? 0;
  }
  expect(errors).toBeGreaterThan(rates.faultRate > 0 ? 100 : 0);
});
