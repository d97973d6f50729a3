// What is published to one board between two flushes: put together once for all who are in step, whatever their number.
import type { Encoded, Form } from "./encodings.ts";

interface Item {
  readonly encoded: Encoded;
  readonly isSignal: boolean;
}

export class Batch {
  readonly #items: Item[] = [];
  readonly #all = new Map<Form, Buffer>();
  readonly #events = new Map<Form, Buffer>();
  readonly #signals = new Map<Form, Buffer>();
  /** How many of it are events. */
  events = 0;
  signals = 0;

  add(encoded: Encoded, isSignal: boolean): void {
    this.#items.push({ encoded, isSignal });
    if (isSignal) this.signals += 1;
    else this.events += 1;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** One buffer: each follower gets the same one. Nothing may be added after the first call. */
  all(form: Form): Buffer | undefined {
    return this.#all.get(form) ?? this.#join(this.#all, form, this.#items);
  }

  /** A slow reader gets the events only; who is still catching up with the log gets the signals only. */
  part(form: Form, part: "events" | "signals"): Buffer | undefined {
    const joined = part === "events" ? this.#events : this.#signals;
    const isWanted = ({ isSignal }: Item) => isSignal === (part === "signals");
    return joined.get(form) ?? this.#join(joined, form, this.#items.filter(isWanted));
  }

  #join(joined: Map<Form, Buffer>, form: Form, items: readonly Item[]): Buffer | undefined {
    const [first] = items;
    if (!first) return undefined;
    const bytes =
      items.length === 1 ? first.encoded[form] : Buffer.concat(items.map(({ encoded }) => encoded[form]));
    joined.set(form, bytes);
    return bytes;
  }
}
