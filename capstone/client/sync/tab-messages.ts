// What the tabs of one user say to each other about one board.
import type { Answer } from "../../board/commands.ts";
import type { BoardEvent, Cursor, Snapshot } from "../../board/events.ts";
import type { People, TransportName } from "./client-state.ts";
import type { ManagerStatus } from "./manager-options.ts";
import type { OutboxEntry } from "./outbox.ts";

/** The leader's view of things. */
export interface LeaderState {
  readonly status: ManagerStatus;
  readonly people: People;
  /** Undefined while there is no snapshot. */
  readonly cursor: Cursor | undefined;
  /** Nobody sees that tab: its timers may hardly run. */
  readonly isHidden: boolean;
  /** What it sends is not taken. */
  readonly isHeldUp: boolean;
  /** The keys of the commands that it has still to send. */
  readonly undecided: readonly string[];
}

export type TabMessage = { readonly from: string } & (
  | { readonly type: "state"; readonly state: LeaderState }
  | { readonly type: "events"; readonly epoch: string; readonly events: readonly BoardEvent[] }
  /** @property isReset: it counts also if its seq is lower than what is known */
  | { readonly type: "snapshot"; readonly snapshot: Snapshot; readonly isReset: boolean }
  | { readonly type: "answer"; readonly key: string; readonly answer: Answer }
  /** A follower asks the leader how things are, every few seconds while somebody sees it. */
  | { readonly type: "ask" }
  /** A follower lacks something. */
  | { readonly type: "want" }
  /** Somebody has given a command: everybody shows it, and the leader sends it. */
  | { readonly type: "command"; readonly entry: OutboxEntry }
  | { readonly type: "dismiss"; readonly id: string }
  | { readonly type: "typing"; readonly where: { readonly taskId?: string } | "stopped" }
  | { readonly type: "force"; readonly transport: TransportName | "auto" }
  /** The user does not want to wait for the next attempt. */
  | { readonly type: "try" }
  | { readonly type: "bye" }
);

type WithoutFrom<Message> = Message extends object ? Omit<Message, "from"> : never;

/** As it is given to a channel, which knows whose it is. */
export type OwnMessage = WithoutFrom<TabMessage>;
