import type { Fate, MessageRow, WireConnection } from "../../wire/message.ts";
import { duration } from "../lag.ts";

/** What the reader wants to see of the wire. */
export interface TimelineFilter {
  /** Undefined: everybody. */
  readonly person: string | undefined;
  /** Undefined: all connections. */
  readonly connection: number | undefined;
  /** Also what loads the pages themselves. */
  readonly withPageFiles: boolean;
  /** One line a connection, with its messages below if it is expanded; otherwise all messages in the order of time. */
  readonly isGrouped: boolean;
  readonly expanded: ReadonlySet<number>;
}

export type TimelineLine =
  | { readonly type: "message"; readonly message: MessageRow; readonly person: string; readonly level: 1 | 2 }
  | {
      readonly type: "connection";
      readonly connection: WireConnection;
      readonly messageCount: number;
      readonly isExpanded: boolean;
    };

/** The lines of the wire panel, from the oldest to the newest. */
export function timeline(
  messages: readonly MessageRow[],
  connections: ReadonlyMap<number, WireConnection>,
  filter: TimelineFilter,
): TimelineLine[] {
  const personOf = ({ connection }: MessageRow) => connections.get(connection)?.person ?? "other";
  const isOnlyPages = pageConnections(messages);
  const shown = messages.filter((message) => {
    // A fault, or a server that stops, concerns everybody.
    if (message.connection === 0) return true;
    if (filter.person !== undefined && personOf(message) !== filter.person) return false;
    if (filter.connection !== undefined && message.connection !== filter.connection) return false;
    if (filter.withPageFiles) return true;
    const isComingOrGoing = message.kind === "opened" || message.kind === "closed";
    // What is missing from a page is why it is blank.
    if (message.isPage) return message.fate !== "passed";
    return !(isComingOrGoing && isOnlyPages(message.connection));
  });
  if (!filter.isGrouped)
    return shown.map((message) => ({ type: "message", message, person: personOf(message), level: 1 }));

  const byConnection = new Map<number, MessageRow[]>();
  for (const message of shown) {
    const own = byConnection.get(message.connection);
    if (own) own.push(message);
    else byConnection.set(message.connection, [message]);
  }
  return [...byConnection].flatMap(([id, own]): TimelineLine[] => {
    const connection = connections.get(id);
    const line =
      (level: 1 | 2) =>
      (message: MessageRow): TimelineLine => ({
        type: "message",
        message,
        person: personOf(message),
        level,
      });
    if (!connection) return own.map(line(1));
    const isExpanded = filter.expanded.has(id);
    const heading: TimelineLine = { type: "connection", connection, messageCount: own.length, isExpanded };
    return isExpanded ? [heading, ...own.map(line(2))] : [heading];
  });
}

/** Tells the connections on which nothing passed so far but what loads a page. */
function pageConnections(messages: readonly MessageRow[]): (connection: number) => boolean {
  const withPages = new Set<number>();
  const withOthers = new Set<number>();
  for (const { connection, kind, isPage } of messages) {
    if (isPage) withPages.add(connection);
    else if (kind !== "opened" && kind !== "closed") withOthers.add(connection);
  }
  return (connection) => withPages.has(connection) && !withOthers.has(connection);
}

const FATES: Record<Fate, string> = { passed: "", held: "held back", dropped: "dropped", lost: "lost" };

/** What else there is to say about a message, in a few words. */
export function notesOn({ fate, heldMs, afterMs, isComplete, way }: MessageRow): string {
  return [
    FATES[fate],
    heldMs !== undefined && `held ${duration(heldMs)}`,
    afterMs !== undefined && `after ${duration(afterMs)}`,
    way && !isComplete && "going on",
  ]
    .filter(Boolean)
    .join(", ");
}

/** 950 B, 1.4 kB, 2.0 MB. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** 14:03:07.250, by the reader's clock. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function capitalized(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
