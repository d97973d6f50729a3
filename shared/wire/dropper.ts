import type { Part } from "./conversation.ts";
import type { Passed } from "./link.ts";

/** Swallows the next whole message of one way, when it is asked to, and lets everything else through. */
export interface Dropper {
  /**
   * @param bytes what has come
   * @param parts what has become clear by it
   * @param undecided how many of the last bytes belong to no part yet
   * @returns what goes on
   */
  filter(bytes: Buffer, parts: readonly Part[], undecided: number): Passed[];
  /** It is not in the middle of anything: unless it is armed, `filter` will return what it is given. */
  isIdle(): boolean;
}

export interface DropperOptions {
  /** Whether a message is to be swallowed. */
  readonly isArmed: () => boolean;
  /** This one is. */
  readonly onDrop: (unit: number) => void;
}

export function createDropper({ isArmed, onDrop }: DropperOptions): Dropper {
  let received = 0;
  /** Bytes that came while it was not clear yet whether their message can be swallowed. */
  let held: Buffer = Buffer.alloc(0);
  /** How many undecided bytes have gone on: their message has begun, and half a message cannot be swallowed. */
  let gone = 0;
  /** The last unit of which something has gone on. */
  let begun: number | undefined;
  let dropping: number | undefined;

  function filter(bytes: Buffer, parts: readonly Part[], undecided: number): Passed[] {
    received += bytes.length;
    if (!isArmed() && isIdle()) {
      begun = parts.at(-1)?.unit ?? begun;
      gone = undecided;
      return [{ bytes, upTo: received }];
    }
    const all = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
    const passed: Passed[] = [];
    let at = 0;
    for (const part of parts) {
      const before = Math.min(gone, part.size);
      const end = at + part.size - before;
      if (before > 0) begun = part.unit;
      gone -= before;
      if (dropping !== part.unit) {
        dropping = undefined;
        if (isArmed() && part.canDrop && part.unit !== begun) {
          dropping = part.unit;
          onDrop(part.unit);
        } else {
          begun = part.unit;
          passed.push({ bytes: all.subarray(at, end), upTo: received - all.length + end });
        }
      }
      at = end;
    }
    const rest = all.subarray(at);
    // Still unclear: it waits, if it may turn out to be what is to be swallowed, or is a part of that.
    const canWait = gone === 0 && (isArmed() || dropping !== undefined);
    held = canWait ? Buffer.from(rest) : Buffer.alloc(0);
    if (!canWait && rest.length > 0) {
      gone += rest.length;
      passed.push({ bytes: rest, upTo: received });
    }
    return passed;
  }

  function isIdle(): boolean {
    return dropping === undefined && held.length === 0;
  }

  return { filter, isIdle };
}
