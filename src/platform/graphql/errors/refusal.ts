import { Ctx, Field, FieldResolver, InterfaceType, ObjectType, Resolver, Root } from "type-graphql";
import type { LocalizedText } from "../../locale.ts";
import type { Context } from "../server/context.ts";

/** A refusal that the rules foresee: a value of a mutation's result, not an error. */
@InterfaceType({
  description: "Why the rules do not allow what was asked for. The code is for programs, the message for people.",
})
export abstract class Refusal {
  /** The message in every language. */
  abstract readonly text: LocalizedText;

  @Field(() => String, { description: "For people: Korean or English, by the viewer's locale, else Accept-Language." })
  readonly message!: string;
}

@Resolver(() => Refusal)
export class RefusalResolver {
  @FieldResolver(() => String)
  message(@Root() refusal: Refusal, @Ctx() context: Context): string {
    return refusal.text[context.locale];
  }
}

/**
 * The base of a refusal with the codes of one mutation.
 * @param codes the enum of its codes, as it is registered in the graph
 * @param texts the message for each code
 */
export function refusalWith<Code extends string>(
  codes: Record<string, Code>,
  texts: Readonly<Record<Code, LocalizedText>>,
) {
  @ObjectType()
  abstract class CodedRefusal extends Refusal {
    @Field(() => codes, { description: "The first rule that stands in the way." })
    readonly code: Code;

    constructor(code: Code) {
      super();
      this.code = code;
    }

    get text(): LocalizedText {
      return texts[this.code];
    }
  }
  return CodedRefusal;
}
