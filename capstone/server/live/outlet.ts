// Grows ../../../chapters/04-websockets/outlet.ts: one way out for everything that goes to a connection, written once per turn.
import type { Batch } from "./batch.ts";
import type { Form } from "./encodings.ts";
import type { Flushable, Flushes } from "./flushes.ts";
import type { SlowReaders } from "./slow-readers.ts";

/** Below this a client counts as having taken what was sent, in bytes. */
export const NEARLY_DRAINED_BYTES = 65_536;

/** One for all: most connections never wait for another replay. */
const RESOLVED = Promise.resolve();

export interface OutletSettings {
  /** A client that has left this much unread is cut off. In bytes. */
  readonly maxBacklogBytes: number;
  /** So is one that has taken nothing, as far as can be seen, for so long. In milliseconds. */
  readonly maxStallMs: number;
}

/** What all connections of a kind have in common. */
export interface Lane {
  readonly flushes: Flushes;
  readonly slow: SlowReaders;
  readonly settings: OutletSettings;
}

/**
 * A connection as somewhere to send to. A class: there are thousands, and each event comes past here once for each of them, so
 * closures would cost memory for every one and properties of different shapes time for every event.
 */
export abstract class Outlet implements Flushable {
  protected readonly lane: Lane;
  /** How many boards write to it. One that follows a single board gets its batch as it is. */
  follows = 0;
  /** Signals were left out because it was behind. Whoever sees it drained tells it how things are. */
  hasMissedSignals = false;
  #first: Buffer[] | undefined;
  #last: Buffer[] | undefined;
  #onDrained: (() => void)[] | undefined;
  #turn: Promise<unknown> = RESOLVED;

  constructor(lane: Lane) {
    this.lane = lane;
  }

  abstract readonly form: Form;
  abstract readonly isOpen: boolean;
  /** What waits for the client, in bytes. What the system holds for it is not in it. */
  abstract readonly backlog: number;
  protected abstract write(bytes: Buffer): void;
  /** Calls once, when everything that was written has been taken. It may never be. */
  protected abstract onceTaken(call: () => void): void;
  /** Ends it because the client does not read; the client comes back. */
  abstract cut(): void;
  /** Ends it in good order, behind what was to be sent before, and says why. */
  abstract end(code: number, reason: string): void;
  /** Something has gone wrong on our side: ends it, and the client comes back. */
  abstract fail(): void;
  /** It has drained after signals were left out. */
  protected abstract onCaughtUp(): void;

  /** What has left no room for anything that can be done without. */
  get isBehind(): boolean {
    return this.backlog > NEARLY_DRAINED_BYTES;
  }

  /** Sends something to this client alone, at the end of this turn and before what its boards publish until then. */
  send(bytes: Buffer): void {
    if (!this.isOpen) return;
    this.#first ??= [];
    this.#first.push(bytes);
    this.lane.flushes.outlet(this);
  }

  /** The same, behind what its boards publish: an answer comes after the events that it is about, if they leave together. */
  sendLast(bytes: Buffer): void {
    if (!this.isOpen) return;
    this.#last ??= [];
    this.#last.push(bytes);
    this.lane.flushes.outlet(this);
  }

  /** What a board has published. Called once per flush of the board. */
  deliver(batch: Batch): void {
    if (!this.isOpen) return;
    const { backlog } = this;
    if (backlog === 0 && this.#isDirect) {
      // Nearly always: nothing waits, and nothing else is to be sent. This is all that a delivery costs then.
      const bytes = batch.all(this.form);
      if (bytes) this.write(bytes);
      if (this.backlog > 0) this.lane.slow.watch(this);
      return;
    }
    const isBehind = backlog > NEARLY_DRAINED_BYTES;
    if (isBehind && batch.signals > 0) this.#missSignals();
    this.#give(isBehind ? batch.part(this.form, "events") : batch.all(this.form));
  }

  /** Whether its board's batch can be written as it is. */
  get #isDirect(): boolean {
    return this.follows < 2 && this.#first === undefined && this.#last === undefined;
  }

  /** The same to one that gets the events from the log for now. */
  deliverSignals(batch: Batch): void {
    if (!this.isOpen) return;
    if (this.isBehind) this.#missSignals();
    else this.#give(batch.part(this.form, "signals"));
  }

  #give(bytes: Buffer | undefined): void {
    if (bytes === undefined) return;
    if (this.#isDirect) this.#put(bytes);
    else this.send(bytes);
  }

  /** Writes what waits for the end of the turn. */
  flush(): void {
    const waiting = [...(this.#first ?? []), ...(this.#last ?? [])];
    this.#first = undefined;
    this.#last = undefined;
    const [first, second] = waiting;
    if (first) this.#put(second ? Buffer.concat(waiting) : first);
  }

  #put(bytes: Buffer): void {
    if (!this.isOpen) return;
    if (this.#isTooMuch(bytes.length)) {
      this.cut();
      return;
    }
    this.write(bytes);
    if (this.backlog > 0) this.lane.slow.watch(this);
  }

  /** Something that is larger than the limit can only be sent by itself, and would never be otherwise. */
  #isTooMuch(bytes: number): boolean {
    const { backlog } = this;
    return backlog > 0 && backlog + bytes > this.lane.settings.maxBacklogBytes;
  }

  #missSignals(): void {
    this.hasMissedSignals = true;
    this.lane.slow.watch(this);
  }

  /** Resolves when the client has taken nearly all of what was sent, or is gone. */
  async drained(): Promise<void> {
    this.flush();
    if (this.isBehind && this.isOpen) await this.#progress();
  }

  /** Resolves when so many bytes can be sent, and the client is not cut off for what it has not taken yet; or when it is gone. */
  async roomFor(bytes: number): Promise<void> {
    await this.drained();
    while (this.isOpen && this.#isTooMuch(bytes)) await this.#progress();
  }

  /** Replays of one connection take turns: what each of them holds is in memory until the client has taken it. */
  oneByOne<T>(replay: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(replay);
    this.#turn = result.catch(() => {});
    return result;
  }

  #progress(): Promise<void> {
    this.lane.slow.watch(this);
    // A fast reader is not kept waiting until somebody looks.
    if (!this.#onDrained) this.onceTaken(() => this.resume());
    return new Promise((resolve) => {
      this.#onDrained ??= [];
      this.#onDrained.push(resolve);
    });
  }

  /** It has room again, or it is over. */
  resume(): void {
    const waiting = this.#onDrained;
    this.#onDrained = undefined;
    for (const resolve of waiting ?? []) resolve();
    if (!this.hasMissedSignals) return;
    this.hasMissedSignals = false;
    if (this.isOpen) this.onCaughtUp();
  }
}
