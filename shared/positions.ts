import type { Statement } from "better-sqlite3";
import { generateKeyBetween } from "fractional-indexing";

/**
 * Where something should go, in terms of what the user saw. Never an index: an index means another place as soon
 * as somebody else has moved something.
 */
export interface Placement {
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
}

type Row = { readonly position: string };

/** What `decidePosition` reads about the siblings in one container (a list's tasks, a board's lists). */
export interface Siblings {
  /** The position of one sibling: `(containerId, id)`. */
  readonly positionOf: Statement<[string, string], Row>;
  /** The nearest position above or below: `(containerId, position, idToIgnore)`. */
  readonly next: Statement<[string, string, string], Row>;
  readonly previous: Statement<[string, string, string], Row>;
  /** The last position: `(containerId, idToIgnore)`. */
  readonly last: Statement<[string, string], Row>;
}

/**
 * The longest position, in characters. Each move into one and the same gap needs about a fifth of a character more;
 * after about two thousand of them the gap is full.
 */
const MAX_LENGTH = 400;

/**
 * Turns an intent into a position that no sibling has. Call it inside the writing transaction: the neighbours must
 * not change between the reading and the writing.
 *
 * An anchor that is gone (deleted, or moved elsewhere in the meantime) falls back: after `afterId`, else before
 * `beforeId`, else at the end. The end is also where it goes when the gap is full.
 *
 * @param movingId what is being placed; it is no neighbour of itself
 */
export function decidePosition(
  siblings: Siblings,
  containerId: string,
  movingId: string,
  { afterId, beforeId }: Placement,
): string {
  const anchor = (id: string | undefined) =>
    id === undefined || id === movingId ? undefined : siblings.positionOf.get(containerId, id)?.position;

  const between = betweenAnchors();
  if (between !== undefined && between.length <= MAX_LENGTH) return between;
  return generateKeyBetween(siblings.last.get(containerId, movingId)?.position, null);

  function betweenAnchors(): string | undefined {
    const after = anchor(afterId);
    if (after !== undefined) {
      return generateKeyBetween(after, siblings.next.get(containerId, after, movingId)?.position);
    }
    const before = anchor(beforeId);
    if (before !== undefined) {
      return generateKeyBetween(siblings.previous.get(containerId, before, movingId)?.position, before);
    }
    return undefined;
  }
}
