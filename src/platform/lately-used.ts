/** A map of bounded size: when it has become too large it forgets what was not used lately. */
export class LatelyUsed<Key, Value extends NonNullable<unknown>> {
  #recent = new Map<Key, Value>();
  #older = new Map<Key, Value>();
  readonly #maxSize: number;

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get(key: Key): Value | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    if (!this.#recent.has(key) && this.#recent.size >= this.#maxSize / 2) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}
