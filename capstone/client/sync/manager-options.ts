// What a connection manager needs, and what it says.
import type { BackoffSettings } from "../../../chapters/07-reconnection/backoff.ts";
import type { BoardEvent, Cursor } from "../../board/events.ts";
import type { SignalMessage } from "../../board/messages.ts";
import type { StatusName, TransportName } from "./client-state.ts";
import type { Hints } from "./hints.ts";
import type { Server } from "./requests.ts";
import type { End, Transport } from "./transports/transport.ts";
import type { UpgradeSettings } from "./upgrades.ts";

export interface ManagerSettings extends UpgradeSettings {
  /** Between two attempts. */
  readonly backoff?: BackoffSettings;
  /** A transport that does not open within this does not get through, in milliseconds. @default 4000 */
  readonly openWithinMs?: number;
  /** A probe, or a command, is answered within this, in milliseconds. @default 10000 */
  readonly answerWithinMs?: number;
  /** After so long without a connection we are offline, in milliseconds. @default 2000 */
  readonly offlineAfterMs?: number;
  /** A clock that has jumped this far says that the computer has slept, in milliseconds. @default 5000 */
  readonly sleepMs?: number;
  /** @default the browser's */
  readonly hints?: Hints;
}

export interface ManagerOptions extends ManagerSettings, Server {
  readonly boardId: string;
  /** The best first. */
  readonly transports: readonly Transport[];
  /** The last event that is there. Undefined: a snapshot has to be fetched first. */
  cursor(): Cursor | undefined;
  /** Fetches the snapshot; after it there is a cursor. */
  load(signal: AbortSignal): Promise<End | undefined>;
  /** Whether this browser is still signed in as the user. Asked before each attempt. */
  checkUser(signal: AbortSignal): Promise<End | undefined>;
  onEvents(events: readonly BoardEvent[], epoch: string): void;
  onSignal(message: SignalMessage): void;
  /** The log is not the one of the cursor any more: from now on `cursor` returns undefined until `load` was successful. */
  onReset(): void;
  /** Something about the status has changed. */
  onStatus(): void;
}

export interface ManagerStatus {
  /** Never `loading`: whether there is something to show is not the manager's affair. */
  readonly state: Exclude<StatusName, "loading">;
  readonly transport: TransportName | undefined;
  readonly forced: boolean;
  readonly isConnecting?: boolean;
  readonly nextTryAt?: number;
  readonly reason?: string;
}
