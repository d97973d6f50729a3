import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { SettingError } from "../settings.ts";
import { describeRule } from "./fault-text.ts";
import { type ActiveRule, type FaultRule, isLasting } from "./faults.ts";
import { noteOf, type WireConnection, type WireMessage } from "./message.ts";
import { type TappedConnection, tapConnection } from "./tapped-connection.ts";

/**
 * A TCP proxy on this machine. It copies bytes both ways untouched, tells a viewer what they mean, and breaks
 * connections in the ways that it is asked to. Neither side can tell that it is there.
 */
export interface Tap {
  readonly port: number;
  /** Where new connections go from now on: a server that was restarted may be on another port. */
  setTarget(port: number): void;
  /**
   * Puts a fault on every connection that the rule means. A lasting one also holds for those that are opened later; a
   * drop waits until there is a message to swallow.
   *
   * @returns lifts it, if there is something to lift
   */
  apply(rule: FaultRule): () => void;
  /** Lifts a rule by its number; one that does not hold any more is no matter. */
  lift(ruleId: number): void;
  /** The rules that hold now. */
  readonly rules: readonly ActiveRule[];
  /** Tells the viewer something about the server behind. */
  noteServer(summary: string): void;
  /** Makes the random delays of connections that are opened from now on the same in every run. */
  setSeed(seed: number): void;
  /** Those that are open. */
  readonly connections: readonly WireConnection[];
  /** Cuts everything and stops listening. */
  close(): Promise<void>;
}

export interface TapOptions {
  /** 0 lets the system choose a free one. @default 0 */
  readonly port?: number;
  /** The port of the server behind, on this machine. */
  readonly target: number;
  readonly viewer?: TapViewer;
  /** What the fault `restart` does. */
  readonly restartServer?: () => void;
}

/** Hears what happens. It is called in the middle of the traffic, so it should return soon. */
export interface TapViewer {
  /** A message has begun, or is not any more what it was when this was last called with its id. */
  onMessage(message: WireMessage): void;
  /** A connection is new, or something about it has changed. */
  onConnection(connection: WireConnection): void;
  /** The rules that hold now. */
  onRules(rules: readonly ActiveRule[]): void;
}

/** This machine only: the tap lets in everybody who can reach it. */
const HOST = "127.0.0.1";

const NOBODY: TapViewer = { onMessage() {}, onConnection() {}, onRules() {} };

/** @throws {SettingError} when the port is taken or not allowed */
export async function openTap(options: TapOptions): Promise<Tap> {
  const { port = 0, viewer = NOBODY, restartServer = () => {} } = options;
  let { target } = options;
  let seed = 1;
  let connectionCount = 0;
  let messageCount = 0;
  let ruleCount = 0;
  const rules = new Set<ActiveRule>();
  const open = new Map<number, TappedConnection>();

  function nextMessageId(): number {
    messageCount += 1;
    return messageCount;
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connectionCount += 1;
    const id = connectionCount;
    const connection = tapConnection({
      id,
      client,
      // Half open is allowed: a FIN says that one side has finished, and it may still be listening.
      upstream: connect({ port: target, host: HOST, allowHalfOpen: true, noDelay: true }),
      rules,
      seed,
      nextMessageId,
      onMessage: viewer.onMessage,
      onChange: viewer.onConnection,
      onRuleUsed: removeRule,
      onClose: () => open.delete(id),
    });
    open.set(id, connection);
  });
  await listenOn(server, port);

  function apply(rule: FaultRule): () => void {
    const { fault } = rule;
    note("fault", describeRule(rule));
    const meant = [...open.values()].filter((connection) => connection.isMeantBy(rule));
    if (fault.kind === "restart") restartServer();
    if (fault.kind === "cut") for (const connection of meant) connection.end("reset", "cut");
    if (fault.kind === "close") for (const connection of meant) connection.end("close", "closed by a fault");
    if (!isLasting(fault) && fault.kind !== "drop") return () => {};
    ruleCount += 1;
    const own = { ...rule, id: ruleCount };
    rules.add(own);
    rulesChanged();
    return () => lift(own.id);
  }

  function lift(ruleId: number): void {
    const rule = [...rules].find(({ id }) => id === ruleId);
    if (!rule) return;
    note("fault", `${describeRule(rule)}: lifted`);
    removeRule(rule);
  }

  function removeRule(rule: ActiveRule): void {
    if (rules.delete(rule)) rulesChanged();
  }

  function rulesChanged(): void {
    for (const connection of open.values()) connection.applyRules();
    viewer.onRules([...rules]);
  }

  function note(kind: "fault" | "server", summary: string): void {
    viewer.onMessage(noteOf({ id: nextMessageId(), connection: 0, kind, summary }));
  }

  return {
    port: (server.address() as AddressInfo).port,
    setTarget: (next) => {
      target = next;
    },
    apply,
    lift,
    get rules() {
      return [...rules];
    },
    noteServer: (summary) => note("server", summary),
    setSeed: (next) => {
      seed = next;
    },
    get connections() {
      const all = [...open.values()].map((connection) => connection.describe());
      return all.filter(({ closedAt }) => closedAt === undefined);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of open.values()) connection.end("reset", "the tap was closed");
      await closed;
    },
  };
}

async function listenOn(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    const problem = code === "EACCES" ? "not allowed for this user" : "taken";
    throw new SettingError(
      `Port ${port}, which the tap needs, is ${problem}: stop the program that listens there, or set PORT to another number.`,
    );
  }
}
