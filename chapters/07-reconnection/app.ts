// New: Connections die, and often nobody tells: heartbeats, a client that comes back, and commands that can be repeated.
// Run: npm run chapter 7
// Try: Freeze Bob and change something as Alice; cut him while he adds a task; restart the server.
import { setup } from "@hectoday/http";
import { createBoards } from "../../shared/board.ts";
import type { BoardEvent } from "../../shared/events.ts";
import { answerError, answerNotFound } from "../../shared/refusal.ts";
import { createWaiters } from "../02-long-polling/waiters.ts";
import { createAccessLog } from "../06-auth/access-log.ts";
import { type AuthOptions, createAuth, userOf } from "../06-auth/auth.ts";
import { followRoutes } from "../06-auth/follow-routes.ts";
import { memberRoutes } from "../06-auth/member-routes.ts";
import { createMemberSockets, type SocketSettings } from "../06-auth/member-sockets.ts";
import { createMemberStreams, type StreamSettings } from "../06-auth/member-streams.ts";
import { createMembersOnly } from "../06-auth/members-only.ts";
import { sessionRoutes } from "../06-auth/session-routes.ts";
import { commandRoutes } from "./command-routes.ts";
import { createCommands } from "./commands.ts";
import { liveSockets } from "./live-sockets.ts";
import { createRetention } from "./retention.ts";

export interface AppOptions extends AuthOptions {
  /** Of each stream: heartbeat, age, backlog. */
  readonly streamSettings?: StreamSettings;
  /** Of each socket: sizes, rates, backlog. */
  readonly socketSettings?: SocketSettings;
  /** How long a question is kept open, in milliseconds: well under the 60 s after which proxies give up. */
  readonly waitMs?: number;
  /** How often a socket hears from the server, in milliseconds. @default 25000 */
  readonly heartbeatMs?: number;
  /** How many events of each board the log keeps. */
  readonly keepEvents?: number;
  /** Where a line for every request goes. @default nowhere */
  readonly log?: (line: string) => void;
}

export function createApp({ waitMs = 25_000, log = () => {}, ...options }: AppOptions) {
  const { database, streamSettings, socketSettings, heartbeatMs = 25_000, keepEvents = 10_000 } = options;
  const boards = createBoards(database);
  const auth = createAuth(options);
  const { onUpgrade, onResponse } = createAccessLog(log);
  const members = createMembersOnly(database, boards);
  const commands = createCommands(database, members.changes, announce);
  const retention = createRetention(database, keepEvents);
  const waiters = createWaiters();
  const streams = createMemberStreams(boards, members, auth, streamSettings);
  const sockets = createMemberSockets({
    boards,
    members,
    auth,
    onUpgrade,
    settings: { heartbeatMs, ...socketSettings },
    extension: liveSockets(boards, commands, heartbeatMs),
  });

  function announce(event: BoardEvent): void {
    // First of all: whoever is no member any more must not hear of it, nor of anything after it.
    if (event.type === "member_removed") auth.permissions.revoke(event.data.userId, event.boardId);
    streams.publish(event);
    sockets.publish(event);
    waiters.wake(event.boardId);
    retention.onEvent(event);
  }

  const app = setup({
    onRequest: ({ request }) => auth.admit(request),
    routes: [
      ...sessionRoutes(auth, database),
      ...memberRoutes(members, announce, userOf),
      ...commandRoutes(commands, userOf),
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

  return { ...app, upgrade: sockets.upgrade, close, announce, auth, streams, sockets };
}
