// A connection that follows a board: first it is sent what it has missed, and then it is in step with all others.
import type { Outlet } from "./outlet.ts";

export class Follower {
  readonly outlet: Outlet;
  /** While it catches up: the last seq that was sent to it. */
  at = 0;
  /** In step: it gets what is published, as it is published. */
  isLive = false;
  isOver = false;

  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }

  get isWanted(): boolean {
    return !this.isOver && this.outlet.isOpen;
  }
}
