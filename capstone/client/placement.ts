// Where a dropped or moved card goes, in terms of its neighbours.
export interface Place {
  readonly afterId?: string;
  readonly beforeId?: string;
}

/**
 * @param ids of those in the list, in order, with or without the moving one
 * @param index among the others
 */
export function placeAt(ids: readonly string[], movingId: string, index: number): Place {
  const others = ids.filter((id) => id !== movingId);
  const afterId = others[index - 1];
  const beforeId = others[index];
  // Both, because one of them may be gone when the server decides.
  return { ...(afterId !== undefined && { afterId }), ...(beforeId !== undefined && { beforeId }) };
}

/** Whether it would stay where it is. */
export function isSamePlace(ids: readonly string[], movingId: string, index: number): boolean {
  return ids.indexOf(movingId) === index;
}

/**
 * How many of these have their middle before a point: the index of what is dropped there.
 * @param count how many there are
 * @param middleOf called for a few of them only: they are in order
 */
export function indexAt(point: number, count: number, middleOf: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (middleOf(middle) < point) low = middle + 1;
    else high = middle;
  }
  return low;
}
