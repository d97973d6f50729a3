// What a monitoring system asks every few seconds, in Prometheus' words.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the gauges read when they are asked. */
export interface MetricSources {
  counts(): { sockets: number; streams: number; polls: number; boards: number; slow: number };
  webhooksActive(): number;
  /** Commands that wait for their commit. */
  queued(): number;
}

/** What has left for the followers of a board at once. */
export interface Flushed {
  readonly events: number;
  readonly signals: number;
  readonly followers: number;
}

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics(sources: MetricSources) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });

  const requests = new Histogram({
    name: "board_request_duration_seconds",
    help: "How long answers took, up to their heads. A stream's head comes at once.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers,
  });
  const events = new Counter({
    name: "board_events_committed_total",
    help: "Events committed by this process.",
    labelNames: ["type"],
    registers,
  });
  const commits = new Histogram({
    name: "board_commit_events",
    help: "Events in one commit.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers,
  });
  const webhookAttempts = new Counter({
    name: "board_webhook_attempts_total",
    help: "Deliveries to webhooks that were tried, by how they ended.",
    labelNames: ["outcome"],
    registers,
  });

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
  gauge("board_sockets_open", "WebSockets.", () => sources.counts().sockets);
  gauge("board_streams_open", "Server-Sent Events streams.", () => sources.counts().streams);
  gauge("board_polls_open", "Long polls that wait.", () => sources.counts().polls);
  gauge("board_boards_followed", "Boards that somebody follows.", () => sources.counts().boards);
  gauge("board_connections_slow", "Connections that have not taken all.", () => sources.counts().slow);
  gauge("board_webhooks_active", "Webhooks that are being delivered to.", sources.webhooksActive);
  gauge("board_commands_queued", "Commands that wait for their commit.", sources.queued);
  const deliveries = new Counter({
    name: "board_deliveries_total",
    help: "Events and signals handed to connections.",
    labelNames: ["kind"],
    registers,
  });
  const flushes = new Histogram({
    name: "board_flush_events",
    help: "Events that left for the followers of a board together.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers,
  });
  const upgrades = new Counter({
    name: "board_upgrades_total",
    help: "Requests for a WebSocket, by what they were answered.",
    labelNames: ["status"],
    registers,
  });

  return {
    onRequest(method: string, route: string, status: number, ms: number): void {
      requests.observe({ method, route, status: String(status) }, ms / 1_000);
    },
    onCommit(committed: readonly { readonly type: string }[]): void {
      commits.observe(committed.length);
      for (const { type } of committed) events.inc({ type });
    },
    onFlush({ events, signals, followers }: Flushed): void {
      if (events > 0) flushes.observe(events);
      deliveries.inc({ kind: "event" }, events * followers);
      deliveries.inc({ kind: "signal" }, signals * followers);
    },
    onUpgrade(status: number): void {
      upgrades.inc({ status: String(status) });
    },
    onWebhook(status: number): void {
      webhookAttempts.inc({ outcome: status === 0 ? "no answer" : `${Math.floor(status / 100)}xx` });
    },
    contentType: registry.contentType,
    read: () => registry.metrics(),
    close: () => registry.clear(),
  };
}
