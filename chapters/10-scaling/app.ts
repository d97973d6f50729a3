// New: Several nodes that behave as one: a bus between them that may lose anything, and one truth that all of them read.
// Run: npm run chapter 10
// Try: Turn the bus off and write as Alice; kill the node that Bob is on; freeze Redis.
import { setup } from "@hectoday/http";
import { createBoards } from "../../shared/board.ts";
import { answerError, answerNotFound } from "../../shared/refusal.ts";
import { createWaiters } from "../02-long-polling/waiters.ts";
import { createAccessLog } from "../06-auth/access-log.ts";
import { userOf } from "../06-auth/auth.ts";
import { followRoutes } from "../06-auth/follow-routes.ts";
import { memberRoutes } from "../06-auth/member-routes.ts";
import { createMemberSockets, type SocketSettings } from "../06-auth/member-sockets.ts";
import { createMemberStreams, type StreamSettings } from "../06-auth/member-streams.ts";
import { createMembersOnly } from "../06-auth/members-only.ts";
import { sessionRoutes } from "../06-auth/session-routes.ts";
import { commandRoutes } from "../07-reconnection/command-routes.ts";
import { createCommands } from "../07-reconnection/commands.ts";
import { liveSockets } from "../07-reconnection/live-sockets.ts";
import { createRetention } from "../07-reconnection/retention.ts";
import { eventCountsRoute } from "../08-pub-sub/event-counts.ts";
import { webhookRoutes } from "../08-pub-sub/webhook-routes.ts";
import { createWebhooks, type WebhookSettings } from "../08-pub-sub/webhooks.ts";
import { presenceRoutes } from "../09-presence/presence-routes.ts";
import { presenceSockets } from "../09-presence/presence-sockets.ts";
import { createHealth } from "./health.ts";
import { joinNodes, type NodeOptions } from "./join-nodes.ts";
import { nodeSockets } from "./node-sockets.ts";
import { createSharedPeople, type SharedPeopleSettings } from "./shared-people.ts";

export interface AppOptions extends NodeOptions {
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
  readonly webhookSettings?: WebhookSettings;
  readonly presenceSettings?: SharedPeopleSettings;
  /** Where a line for every request and every event goes. @default nowhere */
  readonly log?: (line: string) => void;
}

export function createApp({ waitMs = 25_000, log = () => {}, ...options }: AppOptions) {
  const { database, streamSettings, socketSettings, heartbeatMs = 25_000, keepEvents = 10_000 } = options;
  const boards = createBoards(database);
  const members = createMembersOnly(database, boards);
  const nodes = joinNodes(options, boards, members, () => webhooks.start());
  const { bus, auth, counts } = nodes;
  const { onUpgrade, onResponse } = createAccessLog(log);
  const commands = createCommands(database, members.changes, bus.announce);
  const retention = createRetention(database, keepEvents);
  const waiters = createWaiters();
  const streams = createMemberStreams(boards, members, auth, streamSettings);
  const people = createSharedPeople(
    (boardId, change) => {
      sockets.signal(boardId, change);
      streams.signal(boardId, change.type, change);
    },
    // A quiet socket is heard of only at its heartbeats.
    { leaseMs: Math.max(30_000, 1.2 * heartbeatMs), ...options.presenceSettings },
    nodes,
  );
  const sockets = createMemberSockets({
    boards,
    members,
    auth,
    onUpgrade,
    settings: { heartbeatMs, ...socketSettings },
    extension: nodeSockets(
      presenceSockets(liveSockets(boards, commands, heartbeatMs), people),
      nodes.nodeName,
    ),
  });

  const mayDeliver = nodes.isLeader;
  const webhooks = createWebhooks(database, boards, { mayDeliver, ...options.webhookSettings });

  // In this order. Permissions first: whoever is no member any more must not hear of it, nor of anything after it.
  bus.subscribe("board:*", "permissions", (event) => {
    if (event.type !== "member_removed") return;
    auth.permissions.revoke(event.data.userId, event.boardId);
    people.remove(event.boardId, event.data.userId);
  });
  bus.subscribe("board:*", "streams", streams.publish);
  bus.subscribe("board:*", "sockets", sockets.publish);
  bus.subscribe("person:*", "sockets", sockets.publish);
  bus.subscribe("board:*", "open questions", ({ boardId }) => waiters.wake(boardId));
  // By the leader only.
  bus.subscribe("board:*", "webhooks", ({ boardId }) => webhooks.deliver(boardId));
  // Once for all nodes, by the one that has committed it.
  bus.subscribe("committed:*", "retention", retention.onEvent);
  bus.subscribe("committed:*", "counts", counts.onEvent);
  bus.subscribe("committed:*", "log", ({ boardId, seq, type, actorId }) => {
    log(`${boardId} ${seq} ${type} ${actorId}`);
  });

  const app = setup({
    onRequest: ({ request }) => auth.admit(request),
    routes: [
      ...sessionRoutes(auth, database),
      ...memberRoutes(members, bus.announce, userOf),
      ...commandRoutes(commands, userOf),
      ...followRoutes({ members, auth, streams, waiters, waitMs }),
      ...webhookRoutes(webhooks, members, userOf),
      ...presenceRoutes(people, members, userOf),
      eventCountsRoute(counts, database, userOf),
    ],

    onResponse,
    onNotFound: answerNotFound,
    onError: answerError,
  });

  const health = createHealth(nodes, database, { sockets, streams });
  async function close(): Promise<void> {
    health.close();
    waiters.close();
    streams.close();
    sockets.close();
    webhooks.close();
    await people.close();
    await nodes.close();
  }

  const fetch = (request: Request) => health.answer(request) ?? app.fetch(request);
  return { ...app, fetch, upgrade: sockets.upgrade, close, bus, people, webhooks, auth, streams, sockets };
}
