// New: Who are you, may you be here, and until when: on every route, every stream and every socket.
// Run: npm run chapter 6
// Try: Sign in as both; as Alice remove Bob and see his board end; sign out while a socket is open.
import { setup } from "@hectoday/http";
import { createBoards } from "../../shared/board.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { answerError, answerNotFound } from "../../shared/refusal.ts";
import { taskRoutes } from "../00-request-response/task-routes.ts";
import { createWaiters } from "../02-long-polling/waiters.ts";
import { createAccessLog } from "./access-log.ts";
import { type AuthOptions, createAuth, userOf } from "./auth.ts";
import { followRoutes } from "./follow-routes.ts";
import { memberRoutes } from "./member-routes.ts";
import { createMemberSockets, type SocketSettings } from "./member-sockets.ts";
import { createMemberStreams, type StreamSettings } from "./member-streams.ts";
import { createMembersOnly } from "./members-only.ts";
import { sessionRoutes } from "./session-routes.ts";

export interface AppOptions extends AuthOptions {
  /** Of each stream: heartbeat, age, backlog. */
  readonly streamSettings?: StreamSettings;
  /** Of each socket: sizes, rates, backlog. */
  readonly socketSettings?: SocketSettings;
  /** How long a question is kept open, in milliseconds: well under the 60 s after which proxies give up. */
  readonly waitMs?: number;
  /** Where a line for every request goes. @default nowhere */
  readonly log?: (line: string) => void;
}

export function createApp({ waitMs = 25_000, log = () => {}, ...options }: AppOptions) {
  const { database, streamSettings, socketSettings } = options;
  const boards = createBoards(database);
  const auth = createAuth(options);
  const { onUpgrade, onResponse } = createAccessLog(log);
  const members = createMembersOnly(database, boards);
  const waiters = createWaiters();
  const streams = createMemberStreams(boards, members, auth, streamSettings);
  const sockets = createMemberSockets({ boards, members, auth, onUpgrade, settings: socketSettings });

  function announce(event: BoardEvent): void {
    // First of all: whoever is no member any more must not hear of it, nor of anything after it.
    if (event.type === "member_removed") auth.permissions.revoke(event.data.userId, event.boardId);
    streams.publish(event);
    sockets.publish(event);
    waiters.wake(event.boardId);
  }

  const app = setup({
    onRequest: ({ request }) => auth.admit(request),
    routes: [
      ...sessionRoutes(auth, database),
      ...memberRoutes(members, announce, userOf),
      ...taskRoutes(members.changes, announce, userOf),
      ...followRoutes({ members, auth, streams, waiters, waitMs }),
    ],

    onResponse,
    onNotFound: answerNotFound,
    onError: answerError,
  });

  function close(): void {
    waiters.close();
    streams.close();
    sockets.close();
  }

  return { ...app, upgrade: sockets.upgrade, close, auth, streams, sockets };
}
