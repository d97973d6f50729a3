// What a server says about itself: to load balancers, monitoring systems, and whoever writes a program for it.
import { timingSafeEqual } from "node:crypto";
import { route } from "@hectoday/http";
import type { ServerRequest } from "srvx";
import { z } from "zod";
import { answerNotFound } from "../../../shared/refusal.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { isFromHere, isLoopbackAddress } from "../auth/demo.ts";
import { hashSecret } from "../auth/secrets.ts";
import type { Health } from "../health.ts";
import { json } from "../json.ts";
import type { Metrics } from "../metrics.ts";

export interface OperationOptions {
  readonly health: Health;
  readonly metrics: Metrics;
  /** Whoever has it may see the metrics from anywhere. */
  readonly metricsToken?: string | undefined;
}

export function operationRoutes({ health, metrics, metricsToken }: OperationOptions): ApiRoute[] {
  function isTrusted(request: Request): boolean {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    if (metricsToken !== undefined && given !== undefined) return isSame(given, metricsToken);
    return isLoopbackAddress((request as ServerRequest).ip) && isFromHere(request);
  }

  return [
    documented(
      route.get("/health", {
        response: { 200: z.looseObject({ ok: z.literal(true) }) },
        resolve: ({ request }) => json({ ok: true, ...(isTrusted(request) && health.describe()) }),
      }),
      {
        summary: "See whether this process works",
        details: "To its own machine, and with METRICS_TOKEN, it says more.",
        tag: "Operation",
        access: "anybody",
      },
    ),

    documented(
      route.get("/ready", {
        response: { 200: z.object({ ready: z.literal(true) }), 503: z.object({ ready: z.literal(false) }) },
        resolve: async () => {
          const ready = await health.isReady();
          return json({ ready }, ready ? 200 : 503);
        },
      }),
      {
        summary: "See whether it may be sent requests",
        details: "Not while it stops, and not without its database.",
        tag: "Operation",
        access: "anybody",
      },
    ),

    documented(
      route.get("/metrics", {
        response: { 200: z.string() },
        resolve: async ({ request }) => {
          if (!isTrusted(request)) return answerNotFound();
          return new Response(await metrics.read(), { headers: { "content-type": metrics.contentType } });
        },
      }),
      {
        summary: "Get the metrics (Prometheus)",
        details:
          "For its own machine, or with METRICS_TOKEN as bearer token. For others there is no such route.",
        tag: "Operation",
        access: "anybody",
        media: { 200: "text/plain" },
        refusals: { 404: "not_found" },
      },
    ),
  ];
}

/** In the same time, whatever the difference. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(given)), Buffer.from(hashSecret(expected)));
}
