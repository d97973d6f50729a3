import type { Socket } from "node:net";
import { type Conversation, createConversation } from "./conversation.ts";
import { createDropper } from "./dropper.ts";
import { type ActiveRule, type FaultRule, isLasting, type Way } from "./faults.ts";
import { createLink, type Link } from "./link.ts";
import { noteOf, now, type WireConnection, type WireMessage } from "./message.ts";
import { type Person, personOf } from "./person.ts";
import { createRandom } from "./random.ts";

/** One connection through the tap: two sockets, and a link each way between them. */
export interface TappedConnection {
  isMeantBy(rule: FaultRule): boolean;
  /** The rules, or who is at the other end, have changed. */
  applyRules(): void;
  /** Ends both sides, with a RST or a FIN. A FIN waits behind what was sent, and a RST does not wait behind a FIN. */
  end(how: "reset" | "close", why: string): void;
  describe(): WireConnection;
}

export interface TappedConnectionOptions {
  readonly id: number;
  readonly client: Socket;
  readonly upstream: Socket;
  /** Of all connections. */
  readonly rules: ReadonlySet<ActiveRule>;
  /** Delays on this connection are random, and the same for the same seed. */
  readonly seed: number;
  readonly nextMessageId: () => number;
  readonly onMessage: (message: WireMessage) => void;
  readonly onChange: (connection: WireConnection) => void;
  /** A rule that holds for one message has found it. */
  readonly onRuleUsed: (rule: ActiveRule) => void;
  /** Both sockets are closed: a while after the end, if somebody does not read what was still to come. */
  readonly onClose: () => void;
}

export function tapConnection(options: TappedConnectionOptions): TappedConnection {
  const { id, client, upstream, rules, nextMessageId, onMessage, onChange, onRuleUsed, onClose } = options;
  const openedAt = now();
  const bytes = { up: 0, down: 0 };
  let person: Person = "other";
  let isConnected = false;
  let closedAt: number | undefined;
  let why: string | undefined;

  const conversation: Conversation = createConversation({
    connection: id,
    nextId: nextMessageId,
    onMessage,
    onFirstRequest: (head) => {
      person = personOf(head);
      onChange(describe());
      applyRules();
      refuse();
    },
  });
  const links = { up: link("up", client, upstream), down: link("down", upstream, client) };
  upstream.on("connect", () => {
    isConnected = true;
  });
  for (const socket of [client, upstream]) {
    socket.on("close", () => {
      // Both ways have ended, each in its own time.
      if (!client.destroyed || !upstream.destroyed) return;
      finish();
      onClose();
    });
  }
  onMessage(noteOf({ id: nextMessageId(), connection: id, kind: "opened", summary: "connection opened" }));
  onChange(describe());
  applyRules();
  refuse();

  function link(way: Way, source: Socket, sink: Socket): Link {
    const dropRule = () =>
      [...rules].find((rule) => rule.fault.kind === "drop" && isMeantBy(rule) && (rule.way ?? way) === way);
    const dropper = createDropper({
      isArmed: () => dropRule() !== undefined,
      onDrop: (unit) => {
        const rule = dropRule();
        if (rule) onRuleUsed(rule);
        conversation.drop(way, unit);
      },
    });
    return createLink({
      source,
      sink,
      random: createRandom(options.seed + 2 * id + (way === "up" ? 0 : 1)),
      isUntouched: () => rules.size === 0 && dropper.isIdle(),
      onBytes: (piece) => {
        bytes[way] += piece.length;
        const parts = conversation.push(way, piece, now());
        // Its first request may have told that it is refused.
        if (closedAt !== undefined) conversation.lose();
        onChange(describe());
        return dropper.filter(piece, parts, conversation.undecided(way));
      },
      onDelivered: (count, isLate) => conversation.delivered(way, count, isLate ? now() : undefined),
      onEnd: () => {
        conversation.end(way, now());
        why ??= way === "up" ? "the client finished first" : "the server finished first";
        sink.end();
      },
      onBreak: (how) => end(how, how === "close" ? "closed by a fault" : whoReset(way)),
    });
  }

  function whoReset(way: Way): string {
    if (way === "up") return "reset by the client";
    return isConnected ? "reset by the server" : "the server cannot be reached";
  }

  function isMeantBy({ target }: FaultRule): boolean {
    return target === "everyone" || target === person || target === id;
  }

  function applyRules(): void {
    if (closedAt !== undefined) return;
    for (const way of ["up", "down"] as const) {
      const mine = [...rules].filter((rule) => isMeantBy(rule) && (rule.way ?? way) === way);
      links[way].setFaults(mine.map(({ fault }) => fault).filter(isLasting));
    }
  }

  /** Called twice: a rule for everyone is known at once, one for a person only when the person is. */
  function refuse(): void {
    const isRefused = [...rules].some((rule) => rule.fault.kind === "refuse" && isMeantBy(rule));
    if (isRefused) end("reset", "refused");
  }

  function end(how: "reset" | "close", because: string): void {
    if (closedAt === undefined) why = because;
    for (const socket of [client, upstream]) {
      if (how === "close") socket.destroySoon();
      else reset(socket);
    }
    finish();
  }

  function finish(): void {
    if (closedAt !== undefined) return;
    closedAt = now();
    links.up.stop();
    links.down.stop();
    conversation.lose();
    const summary = `connection closed: ${why ?? "both sides have gone"}`;
    onMessage(noteOf({ id: nextMessageId(), connection: id, kind: "closed", summary }));
    onChange(describe());
  }

  function describe(): WireConnection {
    const { up: bytesUp, down: bytesDown } = bytes;
    return { id, person, openedAt, closedAt, end: why, bytesUp, bytesDown };
  }

  return { isMeantBy, applyRules, end, describe };
}

function reset(socket: Socket): void {
  const isEnding = socket.writableEnded && socket.writableLength === 0 && !socket.writableFinished;
  // Without a connection there is nothing to reset yet.
  if (socket.connecting) socket.destroy();
  // The system refuses a reset in the moment in which a FIN goes out, and the socket would stay open.
  else if (isEnding) socket.once("finish", () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}
