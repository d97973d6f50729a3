// Who is on the board, for all tabs of a user; and by which way it is said that the user is there, and types.
import { applySignal, NOBODY } from "../../../chapters/09-presence/people.ts";
import type { SignalMessage } from "../../board/messages.ts";
import type { People } from "./client-state.ts";
import type { createConnectionManager } from "./connection-manager.ts";
import { createPresenceLease } from "./presence-lease.ts";
import type { Server } from "./requests.ts";
import { randomId } from "./tabs.ts";

export interface LeaderPresenceOptions extends Server {
  readonly boardId: string;
  readonly presenceMs?: number;
  readonly connection: Pick<ReturnType<typeof createConnectionManager>, "canSend" | "typing">;
  /** Somebody has come, gone, begun to type or stopped. */
  onChange(): void;
}

export function createLeaderPresence(options: LeaderPresenceOptions) {
  const { connection } = options;
  let people: People = NOBODY;
  let lease: ReturnType<typeof createPresenceLease> | undefined;

  function onSignal(message: SignalMessage): void {
    const next = applySignal(people, message as Parameters<typeof applySignal>[1]);
    if (next === people) return;
    people = next;
    options.onChange();
  }

  function endLease(isLeaving: boolean): void {
    lease?.close(isLeaving);
    lease = undefined;
  }

  return {
    onSignal,
    /** @param isAway nothing is heard of the others any more */
    onStatus(isAway: boolean): void {
      if (isAway) people = NOBODY;
      // Without a socket somebody has to say that the user is there.
      const needsLease = connection.canSend && connection.typing === undefined;
      if (!needsLease) endLease(connection.canSend);
      else
        lease ??= createPresenceLease({
          ...options,
          leaseId: randomId(),
          refreshMs: options.presenceMs,
          onSignal,
        });
    },
    typing(where: { readonly taskId?: string } | "stopped"): void {
      if (connection.typing) connection.typing(where);
      else lease?.type(where);
    },
    /** @param isLeaving the user leaves the board */
    close: endLease,
    get people() {
      return people;
    },
  };
}
