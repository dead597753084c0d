/** What tests ask of every connection. */
export const pageFields = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node { id } } nodes { id }`;

/** One page as it was answered to `pageFields`. */
export interface AnsweredPage {
  totalCount: number;
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
}

/** All pages of a list from its beginning to its end. `between` runs after each page. */
export async function walkPages(
  load: (after: string | null) => Promise<AnsweredPage>,
  between: () => Promise<unknown> = async () => {},
): Promise<AnsweredPage[]> {
  const pages: AnsweredPage[] = [];
  for (let after: string | null = null; ; ) {
    const page = await load(after);
    pages.push(page);
    if (!page.pageInfo.hasNextPage) return pages;
    after = page.pageInfo.endCursor;
    await between();
  }
}

export function idsOf(...pages: { nodes: { id: string }[] }[]): string[] {
  return pages.flatMap((page) => page.nodes.map((node) => node.id));
}
