import { badUserInput } from "./errors.ts";

/** An opaque cursor: the list that it belongs to and the key of the item there. */
export function encodeCursor(list: string, key: string): string {
  return Buffer.from(`${list} ${key}`).toString("base64url");
}

/** @throws BAD_USER_INPUT for what is no cursor, or one of another list */
export function decodeCursor(list: string, cursor: string, isKey: (key: string) => boolean): string {
  const decoded = Buffer.from(cursor, "base64url").toString();
  const key = decoded.slice(list.length + 1);
  if (encodeCursor(list, key) !== cursor || !isKey(key)) {
    throw badUserInput([
      { path: ["after"], text: { EN: "Not a cursor of this list.", KO: "이 목록의 커서가 아닙니다." } },
    ]);
  }
  return key;
}
