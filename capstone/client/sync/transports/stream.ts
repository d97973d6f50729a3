// Follows a board over Server-Sent Events, read with `fetch`: unlike an EventSource it sees the status of a refusal, and runs in Node.
import { shouldComeBack } from "../../../../shared/close-codes.ts";
import type { BoardEvent } from "../../../board/events.ts";
import type { SignalMessage } from "../../../board/messages.ts";
import { endOfCode } from "./close-code.ts";
import { createEventStreamParser, type StreamMessage } from "./event-stream-parser.ts";
import { endOf } from "./refused.ts";
import { AWAY, type Connection, type End, type FollowOptions, type Transport } from "./transport.ts";
import { catchUp } from "./updates.ts";

export interface StreamSettings {
  /** For so long a stream may be silent, in milliseconds: the server sends a comment every 15 s. @default 40000 */
  readonly maxSilenceMs?: number;
  /** How long the server may take to say how far its log goes, in milliseconds. @default 10000 */
  readonly answerWithinMs?: number;
}

const SIGNALS = new Set(["presence", "user_joined", "user_left", "user_typing", "user_stopped_typing"]);

export function streamTransport({
  maxSilenceMs = 40_000,
  answerWithinMs = 10_000,
}: StreamSettings = {}): Transport {
  function open(options: FollowOptions): Connection {
    const { boardId, onAlive, onEvents, onSignal } = options;
    const stopping = new AbortController();
    let isOver = false;

    function end(why: End): void {
      if (isOver) return;
      close();
      options.onEnd(why);
    }

    function close(): void {
      isOver = true;
      stopping.abort();
    }

    async function follow(): Promise<void> {
      const { epoch, seq } = options.cursor();
      const response = await options.fetch(
        `${options.baseUrl}/boards/${encodeURIComponent(boardId)}/events?after=${epoch}:${seq}`,
        { headers: { accept: "text/event-stream" }, cache: "no-store", signal: stopping.signal },
      );
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
      if (!response.ok || !isStream || !response.body) return end(endOf(response) ?? AWAY);
      await read(response.body);
    }

    async function read(body: ReadableStream<Uint8Array>): Promise<void> {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      const parse = createEventStreamParser(onMessage);
      const reader = body.getReader();
      let isFirst = true;
      for (;;) {
        const { done, value } = await reader.read();
        if (isOver) return;
        if (done) return end(AWAY);
        onAlive(maxSilenceMs);
        parse(decoder.decode(value, { stream: true }));
        // Not before the first bytes: something on the way may keep them all, and then this is no stream.
        if (isFirst) lookAtHead().catch(onBug);
        isFirst = false;
      }
    }

    /** A stream never says "that was all": whether this one is up to date has to be asked. */
    async function lookAtHead(): Promise<void> {
      if (isOver) return;
      const question = { boardId, cursor: options.cursor, signal: stopping.signal, withinMs: answerWithinMs };
      const why = await catchUp(options, question, onEvents);
      if (isOver) return;
      if (why) end(why);
      else options.onLive();
    }

    function onMessage({ type, data, id }: StreamMessage): void {
      if (isOver) return;
      const content = JSON.parse(data);
      if (type === "reset") end({ kind: "reset" });
      else if (type === "end")
        end(shouldComeBack(content.code) ? AWAY : endOfCode(content.code, content.reason));
      else if (SIGNALS.has(type)) onSignal({ ...content, type } as SignalMessage);
      // What has an id is in the log, also if it is of a kind that only a newer server knows.
      else if (id !== undefined) onEvents([content as BoardEvent], id.slice(0, id.lastIndexOf(":")));
    }

    /** Bytes that are no stream of ours are treated like a connection that broke. */
    function onBug(): void {
      end({ kind: "away", unreachable: true });
    }

    follow().catch(onBug);
    return { close };
  }

  return { name: "stream", open };
}
