// A tab leads, or it follows. To the client of the board that makes no difference.
import type { People, TransportName } from "./client-state.ts";
import type { ManagerStatus } from "./manager-options.ts";
import type { TabMessage } from "./tab-messages.ts";

/** What the client asks of a tab, whether it leads or follows. */
export interface Role {
  readonly status: ManagerStatus;
  readonly people: People;
  /** The server is there, and does not take the changes that are sent to it. */
  readonly isHeldUp: boolean;
  onMessage(message: TabMessage): void;
  /** There is a new command. */
  poke(): void;
  typing(where: { readonly taskId?: string } | "stopped"): void;
  force(transport: TransportName | "auto"): void;
  /** The user does not want to wait for the next attempt. */
  tryNow(): void;
  /** @param isClosing the tab leaves the board; otherwise only its role ends */
  close(isClosing: boolean): void;
}
