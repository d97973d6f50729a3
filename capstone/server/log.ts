// What is written down: one JSON line for each request and each thing that goes wrong. No cookie, token, query or body is in it.
import type { IncomingMessage } from "node:http";
import { type Logger, pino } from "pino";
import type { RequestFacts } from "./request-facts.ts";

export type { Logger } from "pino";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  readonly nodeName: string;
  /** @default standard output */
  readonly write?: (line: string) => void;
}

export function createLog({ level, nodeName, write }: LogOptions): Logger {
  const settings = { level, base: { node: nodeName }, timestamp: pino.stdTimeFunctions.isoTime };
  return write ? pino(settings, { write }) : pino(settings, pino.destination({ dest: 1, sync: false }));
}

/** One line about a request. The route is its template: a path can contain what opens a door. */
export function logRequest(log: Logger, request: Request, response: Response, facts: RequestFacts): void {
  const { id: requestId, userId, route = "-" } = facts;
  const { status } = response;
  const ms = Math.round((performance.now() - facts.startedAt) * 10) / 10;
  const fields = { requestId, method: request.method, route, status, ms, ...(userId && { userId }) };
  if (status >= 500) log.error(fields, "request");
  else log.info(fields, "request");
}

/** The same for a request for a socket, which the app never sees. Without its query: a ticket would be in there. */
export function logUpgrade(
  log: Logger,
  { method }: IncomingMessage,
  status: number,
  userId: string | undefined,
): void {
  log.info({ method, route: "/ws", status, ...(userId && { userId }) }, "upgrade");
}
