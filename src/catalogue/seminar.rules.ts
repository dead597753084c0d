import { z } from "zod";
import { text } from "../platform/graphql/input/input-rules.ts";

/** Text to look for; taken literally. */
export const seminarFilterRules = z.object({ nameContains: text(0, 100).nullish() });
