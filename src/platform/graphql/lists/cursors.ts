import { badUserInput } from "../errors/errors.ts";

/** An opaque cursor: the list that it belongs to and the keys of the item there. */
export function encodeCursor(list: string, keys: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...keys])).toString("base64url");
}

/**
 * The keys in a cursor.
 * @param areKeys whether texts can be the keys of an item of this list
 * @throws BAD_USER_INPUT for what is no cursor, or one of another list
 */
export function decodeCursor(list: string, cursor: string, areKeys: (keys: string[]) => boolean): string[] {
  const keys = textsIn(cursor).slice(1);
  if (encodeCursor(list, keys) !== cursor || !areKeys(keys)) {
    throw badUserInput([
      { path: ["after"], text: { EN: "Not a cursor of this list.", KO: "이 목록의 커서가 아닙니다." } },
    ]);
  }
  return keys;
}

function textsIn(cursor: string): string[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(decoded) ? decoded.map(String) : [];
  } catch {
    return [];
  }
}
