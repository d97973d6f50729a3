// What all ways of following a board have in common. One connection is one attempt: it never comes back by itself, because whether,
// when and by what to try again is the connection manager's to say.
import type { Answer, Command } from "../../../board/commands.ts";
import type { BoardEvent, Cursor } from "../../../board/events.ts";
import type { SignalMessage } from "../../../board/messages.ts";
import type { TransportName } from "../client-state.ts";
import type { Server } from "../requests.ts";

/** Why a connection is over. */
export type End =
  /**
   * It may work next time.
   * - `unreachable`: no server has answered, so the other ways will not get through either
   * - `retryAfterMs`: the server has asked to be left alone for so long
   */
  | { readonly kind: "away"; readonly unreachable?: boolean; readonly retryAfterMs?: number }
  /** The log cannot be continued from the cursor: fetch the board again. */
  | { readonly kind: "reset" }
  /** It will not work again. The reason is a sentence. */
  | { readonly kind: "signed-out" | "removed" | "gone"; readonly reason: string };

export const AWAY: End = { kind: "away" };

export interface FollowOptions extends Server {
  readonly boardId: string;
  /** The last event that the caller has applied, now. */
  cursor(): Cursor;
  /** In order. Some may have come already, and one may be missing before the first: the caller knows by their seqs. */
  onEvents(events: readonly BoardEvent[], epoch: string): void;
  onSignal(message: SignalMessage): void;
  /**
   * The server has said something.
   * @param nextWithinMs if nothing comes for longer than this, the connection is dead
   */
  onAlive(nextWithinMs: number): void;
  /** Everything that the log had when it was asked has been handed over. Also later, each time that it has been asked again. */
  onLive(): void;
  /** It is known that something is missing; it is being fetched. */
  onBehind(): void;
  /** It is over. Called at most once, last, and not after `close`. */
  onEnd(end: End): void;
}

export interface Connection {
  /** @param isLeaving the user leaves the board, and nobody else of theirs stays on this connection */
  close(isLeaving?: boolean): void;
  /** Makes the server say something. Missing where there is no way to ask. */
  probe?(): void;
  /** Carries a command. Rejects when there was no answer. Missing where commands go by request. */
  run?(key: string, command: Command): Promise<Answer>;
  /** Where presence goes by this connection: the user types, or `"stopped"`. */
  typing?(where: { readonly taskId?: string } | "stopped"): void;
}

export interface Transport {
  readonly name: TransportName;
  open(options: FollowOptions): Connection;
}
