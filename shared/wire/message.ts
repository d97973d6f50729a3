import type { Way } from "./faults.ts";
import type { Person } from "./person.ts";

/**
 * One thing that passed through the tap, or that happened to a connection, as the wire panel shows it. Times are in
 * milliseconds since 1970, sizes in bytes on the wire.
 */
export interface WireMessage {
  /** Counts up over all connections: the order in which the messages began. */
  readonly id: number;
  /** 0 for what concerns more than one. */
  readonly connection: number;
  readonly way: Way | undefined;
  readonly kind: MessageKind;
  /** When its first byte came to the tap. */
  readonly at: number;
  readonly size: number;
  /** One line. */
  readonly summary: string;
  /** False while more of it is to come. */
  readonly isComplete: boolean;
  readonly fate: Fate;
  /** How long it was held back on its way, in milliseconds, if it was. */
  readonly heldMs: number | undefined;
  /** Of a response: how long after its request, in milliseconds. */
  readonly afterMs: number | undefined;
  /** Part of loading a page, not of the chapter: HTML, scripts, styles. */
  readonly isPage: boolean;
  /** All that is known, part by part. */
  readonly details: readonly Detail[];
}

/** A message without its details, which are fetched when somebody wants to see them. */
export type MessageRow = Omit<WireMessage, "details">;

export type MessageKind =
  | "opened"
  | "closed"
  | "request"
  | "response"
  | "event"
  | "comment"
  | "frame"
  | "bytes"
  | "fault"
  | "server";

/**
 * - `passed`: it has gone on
 * - `held`: a fault holds it back
 * - `dropped`: a fault has swallowed it
 * - `lost`: the connection was gone before it could go on
 */
export type Fate = "passed" | "held" | "dropped" | "lost";

export interface Detail {
  readonly label: string;
  readonly text: string;
}

export interface WireConnection {
  readonly id: number;
  readonly person: Person;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  /** Why it ended, in a word or two. */
  readonly end: string | undefined;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** What was counted since the recording began, or was cleared. What loads pages is left out. */
export interface Totals {
  readonly requests: number;
  /** The same, in the last minute. */
  readonly requestsLastMinute: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly openConnections: number;
}

/** Milliseconds since 1970, with their fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Something that happened and is no bytes: a connection came or went, a fault was applied. */
export function noteOf(
  note: Pick<WireMessage, "id" | "connection" | "summary"> & {
    kind: "opened" | "closed" | "fault" | "server";
  },
): WireMessage {
  return {
    ...note,
    way: undefined,
    at: now(),
    size: 0,
    isComplete: true,
    fate: "passed",
    heldMs: undefined,
    afterMs: undefined,
    isPage: false,
    details: [],
  };
}
