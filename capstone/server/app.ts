// The board's server as a value: what it needs goes in, and what can be listened with comes out.
import { randomUUID } from "node:crypto";
import { setup } from "@hectoday/http";
import { createLeader } from "../../chapters/10-scaling/leader.ts";
import { ALONE, type RedisLink } from "../../chapters/10-scaling/redis-link.ts";
import { createSharedAllowances } from "../../chapters/10-scaling/shared-allowances.ts";
import { createSharedTickets } from "../../chapters/10-scaling/shared-tickets.ts";
import { answerNotFound } from "../../shared/refusal.ts";
import { type AuthOptions, createAuth, type Visitor } from "./auth/auth.ts";
import { costOfChange } from "./auth/limits.ts";
import { createFailures } from "./failures.ts";
import { createHealth } from "./health.ts";
import { createLive, type LiveSettings } from "./live/live.ts";
import { createLog, type Logger, logRequest, logUpgrade } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { type ClientBuild, createPages } from "./pages.ts";
import { idOfRequest, noting, type RequestFacts } from "./request-facts.ts";
import { allRoutes } from "./routes/all-routes.ts";
import { createSecurityHeaders } from "./security-headers.ts";
import type { Store } from "./store/store.ts";
import { createWebhooks, type WebhookOptions } from "./webhooks.ts";

export interface AppOptions extends Omit<AuthOptions, "store"> {
  readonly store: Store;
  /** The pages. @default none: the API alone */
  readonly client?: ClientBuild | undefined;
  /** What joins it to other nodes. @default nothing: it is alone */
  readonly redis?: RedisLink;
  readonly nodeName?: string;
  readonly live?: LiveSettings;
  readonly webhooks?: Omit<WebhookOptions, "store" | "mayDeliver">;
  /** Demo users sign in with one click, from this machine. @default false */
  readonly isDemo?: boolean;
  /** @default true */
  readonly isSignUpOpen?: boolean;
  readonly metricsToken?: string | undefined;
  /** @default one that is silent */
  readonly log?: Logger;
}

/** The largest body, in bytes: that of an import has a limit of its own. */
const MAX_BODY_BYTES = 256 * 1024;

export type App = ReturnType<typeof createApp>;

export function createApp(options: AppOptions) {
  const { store, redis = ALONE, nodeName = "node", now = Date.now, publicOrigin } = options;
  const { log = createLog({ level: "silent", nodeName }), isDemo = false, isSignUpOpen = true } = options;
  const sharedAllowances = redis.isAlone ? undefined : createSharedAllowances(redis, options.limits);
  const auth = createAuth({
    ...(sharedAllowances && { allowances: sharedAllowances, tickets: createSharedTickets(redis) }),
    ...options,
  });
  const live = createLive({
    store,
    auth,
    redis,
    ...(options.live && { settings: options.live }),
    log: (fields, message) => log.error(fields, message),
    onFlush: (flush) => metrics.onFlush(flush),
    onUpgrade(request, status, userId) {
      metrics.onUpgrade(status);
      logUpgrade(log, request, status, userId);
    },
  });
  const leader = createLeader(redis, "webhooks", randomUUID(), () => void webhooks.start());
  const webhooks = createWebhooks({
    ...options.webhooks,
    store,
    mayDeliver: leader.isLeader,
    onAttempt: (status) => metrics.onWebhook(status),
    onError: (error) => log.error({ err: error }, "webhooks"),
  });
  const metrics = createMetrics({
    counts: live.counts,
    webhooksActive: () => webhooks.active,
    queued: () => store.waiting,
  });
  const health = createHealth({ nodeName, redis, store, counts: live.counts });
  const stopListening = store.onCommit((events) => {
    metrics.onCommit(events);
    for (const event of events) {
      const cost = costOfChange(event);
      if (cost > 0) auth.charge(event.actorId, cost);
    }
    for (const boardId of new Set(events.map((event) => event.boardId))) void webhooks.deliver(boardId);
  });

  const routes = allRoutes({
    store,
    auth,
    live,
    webhooks,
    health,
    metrics,
    isDemo,
    isSignUpOpen,
    publicOrigin,
    metricsToken: options.metricsToken,
    now,
  });
  const api = setup<Visitor>({
    maxBodyBytes: MAX_BODY_BYTES,
    onRequest: ({ request, env }) => auth.admit(request, env as RequestFacts | undefined),
    routes: routes.map(({ descriptor }) => noting(descriptor)),
    onNotFound: answerNotFound,
    onError: createFailures(log),
  });

  const pages = options.client && createPages(options.client, isSignUpOpen);
  const secure = createSecurityHeaders({ isHttps: publicOrigin?.startsWith("https:") ?? false });
  const firstWords = new Set(routes.map(({ descriptor }) => descriptor.path.split("/", 2)[1]));
  const isOurs = (pathname: string) => firstWords.has(pathname.split("/", 2)[1] ?? "");

  /** Around the app, and not as its `onResponse`: there, every fast answer would be made a slow one. */
  async function fetch(request: Request): Promise<Response> {
    const facts: RequestFacts = { id: idOfRequest(request.headers), startedAt: performance.now() };
    const isRead = request.method === "GET" || request.method === "HEAD";
    const page = isRead ? await pages?.answer(request, new URL(request.url).pathname, isOurs) : undefined;
    if (page) facts.route = "page";
    const response = page ?? (await api.fetch(request, facts));
    secure(request, response);
    response.headers.set("x-request-id", facts.id);
    const { route = "-" } = facts;
    metrics.onRequest(request.method, route, response.status, performance.now() - facts.startedAt);
    logRequest(log, request, response, facts);
    return response;
  }

  /** In this order: nobody new is sent here; whoever follows a board is told to come back; and nothing new is begun. */
  async function close(): Promise<void> {
    health.close();
    webhooks.close();
    await leader.close();
    await live.close();
    stopListening();
    auth.close();
    sharedAllowances?.close();
    metrics.close();
    redis.close();
  }

  return { fetch, request: api.request, upgrade: live.upgrade, close, routes, auth, live, webhooks, store };
}
