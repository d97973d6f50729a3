// Following a board over a socket that comes back: from the last event that was applied, and without believing in silence.
import { shouldComeBack } from "../../shared/close-codes.ts";
import type { BoardEvent, Cursor } from "../../shared/events.ts";
import type { ClientMessage, ServerMessage } from "./messages.ts";
import { createReconnectingSocket, type ReconnectingSocketOptions } from "./reconnecting-socket.ts";

export interface BoardSocketOptions
  extends Pick<ReconnectingSocketOptions, "address" | "backoff" | "WebSocket"> {
  readonly boardId: string;
  /** The last event that the caller has. */
  readonly cursor: Cursor;
  /** Each event once, in order, without a gap. */
  onEvent(event: BoardEvent): void;
  /** The socket is there, and can be sent commands. */
  onOpen(): void;
  /** The server has answered the `join`: what is missing comes now, and then what happens. */
  onLive(): void;
  /** The server has shown that it is there. */
  onHeartbeat(): void;
  onAnswer(answer: Extract<ServerMessage, { type: "answer" }>): void;
  /** Whatever else the server says, and the answer to the join too. */
  onSignal?(message: object): void;
  /** There is no connection; there will be another attempt. */
  onAway(): void;
  /** The server cannot continue from the cursor: fetch the board again. The socket has stopped. */
  onReset(): void;
  /** It is over. @param reason a sentence */
  onEnd(reason: string): void;
}

export function createBoardSocket(options: BoardSocketOptions) {
  const { boardId, onEvent, onOpen, onLive, onHeartbeat, onAnswer, onAway, onReset, onEnd, ...rest } =
    options;
  const { epoch } = options.cursor;
  let { seq } = options.cursor;
  /** What the last heartbeat said of the log's end. */
  let headBefore = 0;
  let isOver = false;
  /** A `join` is not answered yet. */
  let isJoining = false;
  /** At the last heartbeat the server did not know that we follow this board. */
  let isMissing = false;

  const socket = createReconnectingSocket({ ...rest, shouldComeBack, probe: PING, onMessage: read, onState });
  const send = (message: object) => socket.send(JSON.stringify(message));

  /** One at a time: what comes before its answer was sent before it, and says nothing new about what is missing. */
  function join(): void {
    if (isJoining) return;
    isJoining = send({ type: "join", boardId, after: `${epoch}:${seq}` } satisfies ClientMessage);
  }

  function onState(state: string, reason = "The connection has ended."): void {
    if (state === "waiting") onAway();
    if (state === "stopped" && !isOver) end(() => onEnd(reason));
    if (state !== "open") return;
    headBefore = 0;
    isMissing = false;
    joinAgain();
    onOpen();
  }

  function read(text: string): void {
    const message: ServerMessage = JSON.parse(text);
    options.onSignal?.(message);
    if (message.type === "joined") joined();
    else if (message.type === "event") apply(message.event);
    else if (message.type === "answer") onAnswer(message);
    else if (message.type === "heartbeat") compare(message.everyMs, message.heads[boardId]);
    else if (message.type === "error") end(() => onEnd(message.message));
    else if (message.type === "reset") end(onReset);
  }

  function apply(event: BoardEvent): void {
    if (event.seq <= seq) return; // asked for twice
    if (event.seq > seq + 1) {
      // One has got lost on the way. The log still has it.
      join();
      return;
    }
    seq = event.seq;
    onEvent(event);
  }

  /**
   * A gap shows when the next event comes. If it was the last one that got lost, there is no next one, and only a number
   * can tell. Not at once: what the log has had for one heartbeat already should have arrived by the next.
   *
   * @param head undefined when the server does not know that we follow this board: it has not got the `join`
   */
  function compare(everyMs: number, head: number | undefined): void {
    socket.expectEvery(everyMs);
    onHeartbeat();
    if (head === undefined) {
      if (isMissing) joinAgain();
      isMissing = true;
      return;
    }
    isMissing = false;
    if (isJoining) joined(); // the answer to the `join` has got lost
    if (seq < headBefore) joinAgain();
    headBefore = head;
  }

  function joined(): void {
    isJoining = false;
    onLive();
  }

  function joinAgain(): void {
    isJoining = false;
    join();
  }

  /** Told once, and nothing after it. */
  function end(tell: () => void): void {
    stop();
    tell();
  }

  function stop(): void {
    isOver = true;
    socket.stop();
  }

  return {
    send,
    stop,
    /** The last event that was applied. */
    get seq() {
      return seq;
    },
  };
}

const PING = JSON.stringify({ type: "ping" } satisfies ClientMessage);
