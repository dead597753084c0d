import { hasReached, type WalPosition } from "../../database/routing/wal-position.ts";

/** What became of a read that may be shared: answered from a kept answer, by a read under way, or read by itself. */
export type SharedReadOutcome = "hit" | "joined" | "miss";

/** What was read. */
export interface Reading<Answer> {
  readonly answer: Answer;
  /** The answer has all that was written up to here; null: it is for nobody else. */
  readonly position: WalPosition | null;
  /** What the answer takes of the memory, in bytes. */
  readonly bytes: number;
}

/** How somebody reads for themselves. */
export interface Reader<Answer> {
  /** Settles where to read, and tells what will be there at least; null: nobody knows. May wait for a moment. */
  pin(): Promise<WalPosition | null>;
  read(): Promise<Reading<Answer>>;
}

export interface SharedReadsOptions {
  /** For how long after its reading began an answer is given again. */
  readonly windowMs: number;
  /** In milliseconds, on a clock that never goes back. */
  now?(): number;
}

/** When a read began, and what it is sure to have. */
interface Read {
  readonly beganAt: number;
  readonly position: WalPosition;
}

interface KeptAnswer<Answer> extends Read {
  readonly answer: Answer;
  readonly bytes: number;
}

interface ReadUnderWay<Answer> extends Read {
  /** Never rejects: null is a read that failed. */
  readonly reading: Promise<Reading<Answer> | null>;
}

export const maxKeptAnswers = 1_000;
export const maxKeptBytes = 16 * 1024 * 1024;
/** What is larger is not kept, so that one answer does not drive out all others. */
export const maxAnswerBytes = 1024 * 1024;

/**
 * Answers that mean the same to everybody who asks under the same key. For a short while after its reading began, an
 * answer is given to whoever does not want more than it has, and equal reads under way are joined into one. So nobody is
 * given anything that a server which lags as much would not have shown them.
 */
export class SharedReads<Answer> {
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #underWay = new Map<string, ReadUnderWay<Answer>>();
  /** In the order of being kept. */
  readonly #kept = new Map<string, KeptAnswer<Answer>>();
  #keptBytes = 0;

  constructor({ windowMs, now = () => performance.now() }: SharedReadsOptions) {
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** How much is kept at the moment. */
  get size(): { answers: number; bytes: number } {
    return { answers: this.#kept.size, bytes: this.#keptBytes };
  }

  /**
   * An answer that has everything up to `wanted`, or the newest there is of one server when that is null. Whoever joined a
   * read that failed, or turned out to have less, reads alone: nobody waits for two others.
   * @throws what `reader.read` throws
   */
  async read(
    key: string,
    wanted: WalPosition | null,
    reader: Reader<Answer>,
  ): Promise<{ outcome: SharedReadOutcome; answer: Answer }> {
    const before = this.#find(key, wanted);
    const position = before ? null : await reader.pin();
    // Meanwhile somebody may have begun to read what this one has waited for. Who finds nothing must not wait any more:
    // the others would not find this one either.
    const found = before ?? this.#find(key, wanted);
    const shared = found && (await found);
    return shared ?? { outcome: "miss", answer: await this.#readAnew(key, position, reader) };
  }

  #find(key: string, wanted: WalPosition | null): Found<Answer> | Promise<Found<Answer> | null> | null {
    const kept = this.#kept.get(key);
    if (kept && this.#isFresh(kept) && has(kept.position, wanted)) return { outcome: "hit", answer: kept.answer };
    const underWay = this.#underWay.get(key);
    if (!underWay || !this.#isFresh(underWay) || !has(underWay.position, wanted)) return null;
    return underWay.reading.then((reading) =>
      reading?.position && has(reading.position, wanted) ? { outcome: "joined", answer: reading.answer } : null,
    );
  }

  async #readAnew(key: string, position: WalPosition | null, reader: Reader<Answer>): Promise<Answer> {
    const beganAt = this.#now();
    const read = reader.read();
    const leave = position ? this.#lead(key, { beganAt, position, reading: read.catch(() => null) }) : null;
    try {
      const reading = await read;
      if (reading.position) this.#keep(key, { ...reading, beganAt, position: reading.position });
      return reading.answer;
    } finally {
      leave?.();
    }
  }

  /** Lets others join the read, unless they can join another one. */
  #lead(key: string, own: ReadUnderWay<Answer>): () => void {
    const other = this.#underWay.get(key);
    if (!other || !this.#isFresh(other)) this.#underWay.set(key, own);
    return () => {
      if (this.#underWay.get(key) === own) this.#underWay.delete(key);
    };
  }

  #keep(key: string, { answer, beganAt, position, ...reading }: KeptAnswer<Answer>): void {
    const bytes = reading.bytes + 2 * key.length;
    const old = this.#kept.get(key);
    if (bytes > maxAnswerBytes || (old && old.beganAt >= beganAt)) return;
    this.#forget(key);
    this.#kept.set(key, { answer, beganAt, position, bytes });
    this.#keptBytes += bytes;
    for (const [oldKey, kept] of this.#kept) {
      if (this.#isFresh(kept) && this.#kept.size <= maxKeptAnswers && this.#keptBytes <= maxKeptBytes) break;
      this.#forget(oldKey);
    }
  }

  #forget(key: string): void {
    this.#keptBytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }

  #isFresh({ beganAt }: Read): boolean {
    return this.#now() - beganAt < this.#windowMs;
  }
}

interface Found<Answer> {
  readonly outcome: "hit" | "joined";
  readonly answer: Answer;
}

function has(position: WalPosition, wanted: WalPosition | null): boolean {
  return wanted === null || hasReached(position, wanted);
}
