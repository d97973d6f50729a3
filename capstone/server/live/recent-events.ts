// The end of a board's log, kept in memory with its encodings: a herd that comes back after a restart does not read the
// database a thousand times.
import type { LoggedEvent } from "./encodings.ts";

/** How many events of a board are kept at least, if there are so many; at most it is twice as many. */
export const KEPT_EVENTS = 256;

/** The JSON of those that are kept, in characters. A single event may be larger, and is kept alone. */
export const KEPT_CHARACTERS = 1_048_576;

export class RecentEvents {
  #events: LoggedEvent[] = [];
  #characters = 0;
  #after: number;

  /** @param after the seq before the first one that will be kept */
  constructor(after: number) {
    this.#after = after;
  }

  /** The seq before the first one that is kept: cursors from here on can be served. */
  get after(): number {
    return this.#after;
  }

  push(event: LoggedEvent): void {
    this.#events.push(event);
    this.#characters += event.json.length;
    if (this.#events.length > 2 * KEPT_EVENTS) this.#drop(KEPT_EVENTS);
    while (this.#characters > KEPT_CHARACTERS && this.#events.length > 1) {
      this.#drop(Math.ceil(this.#events.length / 2));
    }
  }

  /** @param events those right before the first one that is kept. They stay if there is room for them. */
  prepend(events: readonly LoggedEvent[]): void {
    const characters = events.reduce((sum, { json }) => sum + json.length, 0);
    if (events.at(-1)?.seq !== this.#after || !this.hasRoomFor(events.length)) return;
    if (this.#characters + characters > KEPT_CHARACTERS) return;
    this.#events = [...events, ...this.#events];
    this.#characters += characters;
    this.#after -= events.length;
  }

  hasRoomFor(count: number): boolean {
    return this.#events.length + count <= 2 * KEPT_EVENTS;
  }

  /** @param seq from `after` on */
  from(seq: number, limit: number): readonly LoggedEvent[] {
    const start = seq - this.#after;
    return this.#events.slice(start, start + limit);
  }

  #drop(count: number): void {
    for (const { json } of this.#events.splice(0, count)) this.#characters -= json.length;
    this.#after += count;
  }
}
