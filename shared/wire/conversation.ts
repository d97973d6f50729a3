import { STATUS_CODES } from "node:http";
import {
  createEventStreamDecoder,
  type EventStreamDecoder,
  type StreamBlock,
} from "./event-stream-decoder.ts";
import type { Way } from "./faults.ts";
import { createFrameDecoder, type FrameDecoder, type FrameItem } from "./frame-decoder.ts";
import {
  createRequestDecoder,
  createResponseDecoder,
  type HttpHead,
  type HttpItem,
  valuesOf,
} from "./http-decoder.ts";
import type { Detail, MessageKind, WireMessage } from "./message.ts";
import { bodyLabel, closeText, frameFields, frameName, MAX_KEPT_BYTES, shorten } from "./message-text.ts";

/** Both ways of one connection, read together: what a request asked for, its answer may leave unsaid. */
export interface Conversation {
  /**
   * Takes the next bytes of one way, at a time in milliseconds since 1970.
   *
   * @returns the parts of the stream that have become clear, in order: together with what is `undecided` they are all
   * bytes so far
   */
  push(way: Way, bytes: Buffer, at: number): Part[];
  /** How many of the last bytes belong to no part yet. */
  undecided(way: Way): number;
  /** One way has finished. */
  end(way: Way, at: number): void;
  /**
   * So many bytes of one way have gone on, since the beginning.
   * @param lateAt when, if they had to wait before
   */
  delivered(way: Way, count: number, lateAt: number | undefined): void;
  /** A part is swallowed: its messages never arrive. */
  drop(way: Way, unit: number): void;
  /** The connection is gone: whatever was held back is lost. */
  lose(): void;
}

/** A stretch of bytes of one way. Stretches with the same `unit` belong together. */
export interface Part {
  readonly unit: number;
  readonly size: number;
  /** Without the whole unit the rest of the stream still makes sense. */
  readonly canDrop: boolean;
}

export interface ConversationOptions {
  readonly connection: number;
  /** Numbers the messages over all connections. */
  readonly nextId: () => number;
  /** A message has begun, or is not any more what it was when this was last called with its id. */
  readonly onMessage: (message: WireMessage) => void;
  /** The first head of a request. */
  readonly onFirstRequest: (head: HttpHead) => void;
}

/** A message in the making. */
interface Draft {
  readonly message: { -readonly [Key in keyof WireMessage]: WireMessage[Key] };
  /** Which part of the stream it belongs to. */
  readonly unit: number;
  /** Where in the stream it ends, as far as is known. */
  endsAt: number;
  /** When its last byte came. */
  lastByteAt: number;
  readonly kept: Buffer[];
  keptBytes: number;
  bodyBytes: number;
  readonly chunks: number[];
}

/** A request whose final answer has not begun. */
interface OpenRequest {
  readonly draft: Draft;
  readonly method: string;
  readonly target: string;
}

/** What one way is in the middle of. */
interface Side {
  readonly way: Way;
  received: number;
  decided: number;
  unit: number;
  canDrop: boolean;
  /** The last unit that was swallowed. */
  dropped: number;
  current: Draft | undefined;
  /** Messages that have not gone on. */
  waiting: Draft[];
  stream: EventStreamDecoder | undefined;
  frames: FrameDecoder | undefined;
  /** The frame under way is a close frame. */
  isClosing: boolean;
  /** Parts that the other way has made clear: they are told with this way's next bytes. */
  early: Part[];
}

export function createConversation(options: ConversationOptions): Conversation {
  const { connection, nextId, onMessage, onFirstRequest } = options;
  /** Requests in order: HTTP/1.1 answers them in the same one. */
  let open: OpenRequest[] = [];
  /** The requests that the responses just decoded answer. */
  const answered: (OpenRequest | undefined)[] = [];
  let isFirstRequest = true;
  let now = 0;

  const requests = createRequestDecoder();
  const responses = createResponseDecoder(() => {
    const request = open.shift();
    answered.push(request);
    return request?.method;
  });
  const sides = { up: createSide("up"), down: createSide("down") };

  function push(way: Way, bytes: Buffer, at: number): Part[] {
    const side = sides[way];
    const parts = side.early;
    side.early = [];
    now = at;
    side.received += bytes.length;
    if (side.frames) readFrames(side, bytes, parts);
    else readHttp(side, (way === "up" ? requests : responses).push(bytes), parts);
    return parts;
  }

  function readHttp(side: Side, items: readonly HttpItem[], parts: Part[]): void {
    for (const item of items) {
      if (item.type === "raw" && side.frames) {
        readFrames(side, item.bytes, parts);
        continue;
      }
      side.decided += item.size;
      if (item.type === "head") onHead(side, item.head, item.size);
      else if (item.type === "raw") onRaw(side, item.bytes);
      else if (item.type === "problem") report(begin(side, "bytes", `not HTTP: ${item.message}`));
      else onBody(side, item);
      if (item.size > 0) parts.push({ unit: side.unit, size: item.size, canDrop: side.canDrop });
      // What comes next is a unit of its own.
      if (item.type === "end" || (item.type === "chunk-end" && side.stream)) nextUnit(side, true);
      if (item.type === "head" && side.stream) nextUnit(side, false);
    }
  }

  function onHead(side: Side, head: HttpHead, size: number): void {
    const isStream = side.way === "down" && isEventStream(head);
    side.canDrop = !isStream && head.status !== 101;
    const draft = side.way === "up" ? beginRequest(side, head) : beginResponse(side, head);
    grow(side, draft, size);
    draft.message.details = [{ label: "Head", text: head.text.trimEnd() }];
    side.current = draft;
    side.stream = isStream ? createEventStreamDecoder() : undefined;
    if (head.status === 101) switchProtocols(head);
    report(draft);
  }

  function beginRequest(side: Side, head: HttpHead): Draft {
    if (isFirstRequest) onFirstRequest(head);
    isFirstRequest = false;
    const { method = "", target = "" } = head;
    const draft = begin(side, "request", `${method} ${target}`);
    draft.message.isPage = isPageFile(target);
    open.push({ draft, method, target });
    return draft;
  }

  function beginResponse(side: Side, { status = 0 }: HttpHead): Draft {
    const isFinal = status === 101 || status >= 200;
    const request = status === 101 ? open.shift() : isFinal ? answered.shift() : (answered[0] ?? open[0]);
    const name = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
    const draft = begin(side, "response", request ? `${name} ← ${request.method} ${request.target}` : name);
    if (request) {
      draft.message.isPage = request.draft.message.isPage;
      draft.message.afterMs = now - request.draft.message.at;
    }
    return draft;
  }

  /** From here on the connection speaks another protocol, both ways. */
  function switchProtocols(head: HttpHead): void {
    const isWebSocket = valuesOf(head, "upgrade").some((value) => value.toLowerCase() === "websocket");
    if (isWebSocket) {
      sides.up.frames = createFrameDecoder("client");
      sides.down.frames = createFrameDecoder("server");
    }
    if (sides.down.current) finish(sides.down, sides.down.current);
    nextUnit(sides.down, false);
    // A client that did not wait for the answer: what it has sent since is not HTTP.
    readHttp(sides.up, requests.upgrade(), sides.up.early);
  }

  function onBody(side: Side, item: Exclude<HttpItem, { type: "head" | "raw" | "problem" }>): void {
    const draft = side.current;
    if (!draft) return;
    grow(side, draft, item.size);
    if (item.type === "chunk") {
      draft.chunks.push(item.length);
      // In a stream of events a chunk is one write of the server, and nothing is missing without it.
      if (side.stream) side.canDrop = true;
    } else if (item.type === "data") {
      if (side.stream) {
        for (const block of side.stream.push(item.bytes)) onBlock(side, block);
        report(draft); // it has grown
      } else {
        keep(draft, item.bytes);
      }
    } else if (item.type === "end") {
      const trailers = item.trailers.map(([name, value]) => `${name}: ${value}`).join("\n");
      if (trailers) addDetail(draft, { label: "Trailers", text: trailers });
      if (side.stream) side.canDrop = false;
      finish(side, draft);
    }
  }

  function onBlock(side: Side, block: StreamBlock): void {
    if (block.lines.length === 0) return;
    const isComment = block.lines.every((line) => line.startsWith(":"));
    const id = block.event?.lastEventId;
    const summary = block.event
      ? `${block.event.type}${id ? ` ${id}` : ""} · ${block.event.data}`
      : block.lines.join(" · ");
    const draft = begin(side, isComment ? "comment" : "event", summary);
    grow(side, draft, block.size);
    addDetail(draft, { label: "Lines", text: shorten(block.lines.join("\n"), block.isTruncated) });
    if (block.retryMs !== undefined) addDetail(draft, { label: "Retry", text: `${block.retryMs} ms` });
    finish(side, draft);
  }

  function readFrames(side: Side, bytes: Buffer, parts: Part[]): void {
    for (const item of side.frames?.push(bytes) ?? []) {
      side.decided += item.size;
      onFrameItem(side, item);
      if (item.size > 0) parts.push({ unit: side.unit, size: item.size, canDrop: side.canDrop });
      if (item.type === "end") nextUnit(side, false);
    }
  }

  function onFrameItem(side: Side, item: FrameItem): void {
    if (item.type === "raw") {
      onRaw(side, item.bytes);
    } else if (item.type === "header") {
      const { header } = item;
      side.isClosing = header.opcode === 8;
      side.current = begin(side, "frame", frameName(header));
      // A fragment cannot be missing from its message.
      side.canDrop = header.fin && header.opcode !== 0;
      grow(side, side.current, item.size);
      addDetail(side.current, { label: "Frame", text: frameFields(header) });
      report(side.current);
    } else if (side.current && item.type === "payload") {
      grow(side, side.current, item.size);
      // A close frame's two bytes are no text: its code and reason are shown instead.
      if (!side.isClosing) keep(side.current, item.bytes);
    } else if (side.current && item.type === "end") {
      const draft = side.current;
      const { close, problem } = item.frame;
      if (close) {
        draft.message.summary += ` ${closeText(close)}`;
        addDetail(draft, { label: "Close", text: closeText(close) });
      } else {
        draft.message.summary += payloadText(draft);
      }
      if (problem)
        addDetail(draft, {
          label: "Problem",
          text: `${problem.message}: a peer closes with ${problem.code}`,
        });
      finish(side, draft);
      side.current = undefined;
    }
  }

  /** Bytes that nobody here can read. */
  function onRaw(side: Side, bytes: Buffer): void {
    const draft = begin(side, "bytes", `${bytes.length} bytes that are neither HTTP nor frames`);
    side.canDrop = false;
    grow(side, draft, bytes.length);
    keep(draft, bytes);
    finish(side, draft);
  }

  function begin(side: Side, kind: MessageKind, summary: string): Draft {
    const isDropped = side.unit === side.dropped;
    const message: Draft["message"] = {
      id: nextId(),
      connection,
      way: side.way,
      kind,
      at: now,
      size: 0,
      summary,
      isComplete: false,
      fate: isDropped ? "dropped" : "held",
      heldMs: undefined,
      afterMs: undefined,
      isPage: false,
      details: [],
    };
    const draft = {
      message,
      unit: side.unit,
      endsAt: side.decided,
      lastByteAt: now,
      kept: [],
      keptBytes: 0,
      bodyBytes: 0,
      chunks: [],
    };
    if (!isDropped) side.waiting.push(draft);
    return draft;
  }

  function grow(side: Side, draft: Draft, size: number): void {
    draft.message.size += size;
    draft.endsAt = side.decided;
    draft.lastByteAt = now;
    if (draft.message.fate === "passed") draft.message.fate = "held";
  }

  function finish(side: Side, draft: Draft): void {
    draft.message.isComplete = true;
    const { kept, keptBytes, bodyBytes, chunks } = draft;
    if (bodyBytes > 0) {
      const text = Buffer.concat(kept).toString("utf8");
      addDetail(draft, {
        label: bodyLabel(draft.message.kind, bodyBytes, chunks),
        text: shorten(text, bodyBytes > keptBytes),
      });
    }
    if (side.current === draft) side.current = undefined;
    report(draft);
  }

  /** The connection ends in the middle of it. */
  function cutShort(draft: Draft): void {
    if (draft.message.isComplete) return;
    addDetail(draft, { label: "Problem", text: "the connection ended in the middle of it" });
    draft.message.isComplete = true;
    report(draft);
  }

  function report({ message }: Draft): void {
    onMessage({ ...message });
  }

  return {
    push,
    undecided: (way) => sides[way].received - sides[way].decided,
    end(way, at) {
      now = at;
      const side = sides[way];
      if (side.frames) return;
      const items = (way === "up" ? requests : responses).end();
      const isCutShort = items.some(({ type }) => type === "problem");
      if (isCutShort && side.current) cutShort(side.current);
      else readHttp(side, items, []);
    },
    delivered(way, count, lateAt) {
      const side = sides[way];
      if (side.waiting.length === 0) return;
      const isThrough = (draft: Draft) => draft.endsAt <= count;
      for (const draft of side.waiting.filter(isThrough)) {
        if (draft.message.fate === "passed") continue;
        draft.message.fate = "passed";
        if (lateAt !== undefined) draft.message.heldMs = lateAt - draft.lastByteAt;
        report(draft);
      }
      side.waiting = side.waiting.filter((draft) => !isThrough(draft) || !draft.message.isComplete);
    },
    drop(way, unit) {
      const side = sides[way];
      side.dropped = unit;
      open = open.filter(({ draft }) => way !== "up" || draft.unit !== unit);
      for (const draft of side.waiting.filter((each) => each.unit === unit)) {
        draft.message.fate = "dropped";
        report(draft);
      }
      side.waiting = side.waiting.filter((each) => each.unit !== unit);
    },
    lose() {
      for (const side of [sides.up, sides.down]) {
        if (side.current) cutShort(side.current);
        side.current = undefined;
        for (const draft of side.waiting.filter(({ message }) => message.fate === "held")) {
          draft.message.fate = "lost";
          report(draft);
        }
        side.waiting = [];
      }
    },
  };
}

function createSide(way: Way): Side {
  return {
    way,
    received: 0,
    decided: 0,
    unit: 1,
    canDrop: true,
    dropped: 0,
    current: undefined,
    waiting: [],
    stream: undefined,
    frames: undefined,
    isClosing: false,
    early: [],
  };
}

function nextUnit(side: Side, canDrop: boolean): void {
  side.unit += 1;
  side.canDrop = canDrop;
}

function keep(draft: Draft, bytes: Buffer): void {
  const piece = bytes.subarray(0, MAX_KEPT_BYTES - draft.keptBytes);
  // A copy: a slice would keep alive all of the read that it is a part of.
  if (piece.length > 0) draft.kept.push(Buffer.from(piece));
  draft.keptBytes += piece.length;
  draft.bodyBytes += bytes.length;
}

function addDetail({ message }: Draft, detail: Detail): void {
  message.details = [...message.details, detail];
}

function isEventStream(head: HttpHead): boolean {
  return valuesOf(head, "content-type").some((value) => value.startsWith("text/event-stream"));
}

/** What loads a page, and is the same in every chapter. */
function isPageFile(target: string): boolean {
  const [path = ""] = target.split("?");
  return path === "/" || path === "/board" || path === "/favicon.ico" || path.startsWith("/page/");
}

function payloadText({ kept }: Draft): string {
  const text = Buffer.concat(kept).subarray(0, 200).toString("utf8");
  return text === "" ? "" : ` · ${text}`;
}
