// For tests: a live part on a log in memory, behind a real server.
import { onTestFinished } from "vitest";
import { createPermissions } from "../../../chapters/06-auth/permissions.ts";
import { parseCursor } from "../../../shared/cursor.ts";
import { errorResponse } from "../../../shared/refusal.ts";
import { startServer } from "../../../shared/testing/start-server.ts";
import { createLive, type LiveOptions, type LiveSession, type LiveSettings } from "./live.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";

export interface TestLiveOptions {
  readonly settings?: LiveSettings;
  readonly maxOfUser?: number;
  readonly memory?: MemoryStore;
  readonly live?: Partial<LiveOptions>;
}

/** A live part without a server. Whoever sends the header `x-user`, or `?user=`, is taken at their word. */
export function createTestLive({ settings, maxOfUser = 1_000, memory, live: more }: TestLiveOptions = {}) {
  const log = memory ?? createMemoryStore();
  if (!memory) log.addBoard("board-1");
  const ended = new Set<string>();
  let now = () => 0;
  const sessionOf = (userId: string, scope: LiveSession["scope"] = "write"): LiveSession => ({
    id: `session of ${userId}`,
    userId,
    expiresAt: 1_000,
    scope,
  });
  const sessions = { get: (id: string) => (ended.has(id) ? undefined : sessionOf("")) } as never;
  const permissions = createPermissions(sessions, maxOfUser, () => now());
  const errors: unknown[] = [];
  const live = createLive({
    store: log.store,
    auth: {
      permissions,
      async admitSocket({ url = "", headers }) {
        const query = new URL(url, "http://host").searchParams;
        if (query.get("auth") === "message") return "later";
        const user = query.get("user") ?? String(headers["x-user"] ?? "");
        if (!user) return errorResponse(401, "not_signed_in", "Sign in first.");
        return sessionOf(user, query.has("read") ? "read" : "write");
      },
      redeem: async (ticket) => (ticket.startsWith("ticket of ") ? sessionOf(ticket.slice(10)) : undefined),
      messages: () => 0,
      charge() {},
      debtMs: () => 0,
      addressOf: (peer) => peer ?? "",
    },
    settings: { closeTimeoutMs: 200, closeWithinMs: 300, ...settings },
    log: (fields) => void errors.push(fields),
    ...more,
  });
  return {
    ...log,
    live,
    permissions,
    errors,
    sessionOf,
    setNow: (next: () => number) => {
      now = next;
    },
    async fetch(request: Request): Promise<Response> {
      const url = new URL(request.url);
      const [, , boardId = "", what] = url.pathname.split("/");
      const user = request.headers.get("x-user") ?? url.searchParams.get("user") ?? "alice";
      const after = request.headers.get("last-event-id") ?? url.searchParams.get("after") ?? undefined;
      if (what === "events") return live.openStream(sessionOf(user), boardId, after, request);
      const cursor = parseCursor(after ?? "") ?? { seq: 0 };
      return live.longPoll(sessionOf(user), boardId, cursor, request.signal);
    },
  };
}

/** The same behind a real server. */
export async function startTestLive(options?: TestLiveOptions) {
  const test = createTestLive(options);
  const { live } = test;
  const server = await startServer({ fetch: test.fetch, upgrade: live.upgrade, close: live.close });
  onTestFinished(() => live.close());
  return { ...test, port: server.port, url: server.url, server };
}
