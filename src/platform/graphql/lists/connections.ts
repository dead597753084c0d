import { ArgsType, type ClassType, Field, Int, ObjectType } from "type-graphql";
import { badUserInput } from "../errors/errors.ts";
import { decodeCursor, encodeCursor } from "./cursors.ts";
import { areKeysOf, type ListOrder } from "./list-order.ts";

/** The arguments of every list: forward only. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: "How many, 1 to 100." })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "The cursor to go on after: an endCursor of the same list." })
  after?: string | null;
}

@ObjectType({ description: "Where a page stands in its list.", simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there is more after this page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "Whether there is something before this page." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "The cursor of the first item; null for an empty page." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "The cursor to give as `after` for the next page." })
  endCursor!: string | null;
}

/** One page of a list, in the form of the Relay specification. */
export interface Page<T> {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: PageInfo;
  totalCount: () => Promise<number>;
}

/** The base of a list's edge type. */
export function edgeOf<T extends object>(node: ClassType<T>) {
  @ObjectType({ simpleResolvers: true })
  abstract class Edge {
    @Field(() => String, { description: "The place of this item in the list." })
    cursor!: string;

    @Field(() => node, { description: "The item." })
    node!: T;
  }
  return Edge;
}

/** The base of a list's connection type. */
export function connectionOf<T extends object>(node: ClassType<T>, edge: ClassType<{ cursor: string; node: T }>) {
  @ObjectType({ simpleResolvers: true })
  abstract class Connection {
    @Field(() => [edge], { description: "The items with their cursors." })
    edges!: { cursor: string; node: T }[];

    @Field(() => [node], { description: "The items." })
    nodes!: T[];

    @Field(() => PageInfo, { description: "Where this page stands in the list." })
    pageInfo!: PageInfo;

    @Field(() => Int, {
      description: "How many items the whole list has: exactly up to 10,000, and about how many when there are more.",
    })
    totalCount!: () => Promise<number>;
  }
  return Connection;
}

/** A page that was asked for: `limit` is one more than `first`, which tells whether there is a next page. */
export interface PageRequest {
  list: string;
  first: number;
  limit: number;
  /** The keys of the item before the page; null: it is the first page. */
  after: string[] | null;
}

/**
 * Checks the arguments of a list.
 * @param list names the list and its order; a cursor of another list is refused
 * @throws BAD_USER_INPUT
 */
export function pageRequest(list: string, args: PageArgs, order: ListOrder): PageRequest {
  const first = args.first ?? 20;
  if (first < 1 || first > 100) {
    throw badUserInput([{ path: ["first"], text: { EN: "1 to 100.", KO: "1 이상 100 이하여야 합니다." } }]);
  }
  const after = args.after == null ? null : decodeCursor(list, args.after, (keys) => areKeysOf(order, keys));
  return { list, first, limit: first + 1, after };
}

/** The page from up to `limit` rows, in order, each with its keys. */
export function toPage<T>(
  request: PageRequest,
  rows: readonly { keys: readonly string[]; node: T }[],
  totalCount: () => Promise<number>,
): Page<T> {
  const edges = rows
    .slice(0, request.first)
    .map(({ keys, node }) => ({ cursor: encodeCursor(request.list, keys), node }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: rows.length > request.first,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}
