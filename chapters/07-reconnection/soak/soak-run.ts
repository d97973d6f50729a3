// One run of the soak: five who write and twenty who follow, over a network that fails and a server that is killed.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBoards } from "../../../shared/board.ts";
import { type Database, openDatabase } from "../../../shared/database.ts";
import type { BoardEvent, Snapshot } from "../../../shared/events.ts";
import { Refusal } from "../../../shared/refusal.ts";
import { seed as seedDatabase } from "../../../shared/seed.ts";
import type { History } from "../../../shared/testing/history.ts";
import { until } from "../../../shared/testing/until.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import { openTap } from "../../../shared/wire/tap.ts";
import { createSessions } from "../../06-auth/sessions.ts";
import { breakNetwork } from "./break-network.ts";
import { markOf, startSubscriber, type Transport } from "./subscriber.ts";
import { type Insistence, startWriter } from "./writer.ts";

export interface SoakOptions {
  /** The same seed gives the same faults at the same times. What they meet differs from run to run. */
  readonly seed: number;
  /** For how long it is written, in milliseconds. */
  readonly ms: number;
  /** @param file its database @default this chapter's server, which is killed twice */
  readonly start?: (file: string) => Promise<SoakedServer>;
  /** The board in the end, as its clients should see it. @default as this chapter's server sends it */
  readonly readSnapshot?: (database: Database) => Snapshot | Promise<Snapshot>;
}

/** When something was broken, as `Date.now()`. */
export interface SoakFault {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** What is soaked. */
export interface SoakedServer {
  /** Where everybody connects to. */
  readonly port: number;
  /**
   * Breaks it now and then, for so many milliseconds, and mends it in the end.
   * @param random from 0 to 1
   */
  trouble(random: () => number, ms: number): Promise<readonly SoakFault[]>;
  /**
   * Nothing fails any more.
   * @param users who has a socket on the board, and follows it
   */
  settled?(users: readonly string[]): Promise<void>;
  /** Those who followed the board have gone. */
  left?(): Promise<void>;
  stop(): Promise<void>;
}

const TRANSPORTS: readonly Transport[] = ["polling", "long-polling", "sse", "socket"];
const WRITERS: readonly [userId: string, insistence: Insistence][] = [
  ["alice", "once"],
  ["bob", "once"],
  ["carol", "key"],
  ["alice", "socket"],
  ["bob", "socket"],
];
const SUBSCRIBERS = 20;

/** Bob is the one who is removed, so most are somebody else. */
const FOLLOWING_USERS = ["alice", "carol", "alice", "bob", "carol"];

const SERVER = join(import.meta.dirname, "soak-server.ts");

/** What a run has to have shown before its verdict counts. */
export const DEMANDS = { minReconnects: 10, minReplayedEvents: 20, minFaultsOverWrites: 5 };

/** How long everybody may take to catch up when nothing fails any more, in milliseconds. */
const CATCH_UP_MS = 20_000;

/** @returns everything that was done and seen, for `checkHistory` */
export async function runSoak({
  seed,
  ms,
  start = (file) => startServer(file),
  readSnapshot,
}: SoakOptions): Promise<History> {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", cleanUp);
  const file = join(folder, "board.db");
  const database = seedDatabase(openDatabase(file));
  noteEverything(database);
  const boards = createBoards(database);
  boards.addMember("alice", "board-1", { userId: "carol" });
  const sessions = createSessions(database);
  const cookieOf = (userId: string) => `session=${sessions.create(userId).token}`;

  const server = await start(file);
  const tap = await openTap({ target: server.port });
  tap.setSeed(seed);
  const baseUrl = `http://127.0.0.1:${tap.port}`;
  const faults: SoakFault[] = [];
  const revocations: { userId: string; at: number; seq: number; until?: number }[] = [];

  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, index) => {
    const userId = FOLLOWING_USERS[index % FOLLOWING_USERS.length] ?? "alice";
    const transport = TRANSPORTS[index % TRANSPORTS.length] ?? "socket";
    return startSubscriber({
      name: `follower-${index}`,
      userId,
      transport,
      baseUrl,
      cookie: cookieOf(userId),
    });
  });
  const writers = WRITERS.map(([userId, insistence], index) =>
    startWriter({
      name: `writer-${index}`,
      userId,
      insistence,
      baseUrl,
      cookie: cookieOf(userId),
      random: createRandom(seed * 100 + index),
    }),
  );

  const end = Date.now() + ms;
  await Promise.all([breakNetwork({ tap, random, end, someone, faults }), breakServer(), removeAndReadmit()]);

  // Nothing fails any more. Who has asked gets an answer, and who follows gets everything.
  const writes = (await Promise.all(writers.map((writer) => writer.stop(10_000)))).flat();
  await until(
    "everybody to catch up",
    () => subscribers.every(({ seq }) => seq === head()),
    CATCH_UP_MS,
  ).catch(() => {}); // the checker says who did not
  const onSockets = subscribers.filter(({ transport }) => transport === "socket");
  await server.settled?.([...new Set(onSockets.map(({ userId }) => userId))].sort());
  const seen = await Promise.all(subscribers.map((subscriber) => subscriber.stop()));
  await server.left?.();
  await tap.close();
  await server.stop();

  const snapshot = (await readSnapshot?.(database)) ?? (boards.snapshot("board-1") as Snapshot);
  const history: History = {
    writes,
    log: readLog(database),
    epoch: snapshot.board.epoch,
    snapshot,
    subscribers: seen,
    faults,
    revocations,
    prunings: database
      .prepare("SELECT at, seq AS upTo FROM noted_prunings ORDER BY seq")
      .all() as History["prunings"],
  };
  database.close();
  process.off("exit", cleanUp);
  cleanUp();
  return history;

  function head(): number {
    const cursor = boards.head("board-1");
    return cursor instanceof Refusal ? 0 : cursor.seq;
  }

  function someone(): string {
    const target = random() < 0.2 ? "everyone" : `follower-${Math.floor(random() * SUBSCRIBERS)}`;
    return random() < 0.3 ? `writer-${Math.floor(random() * WRITERS.length)}` : target;
  }

  async function breakServer(): Promise<void> {
    faults.push(...(await server.trouble(random, ms)));
  }

  /** Bob is removed, and after a while let in again: by Alice, who has no trouble with the network. */
  async function removeAndReadmit(): Promise<void> {
    const cookie = cookieOf("alice");
    await pause(ms * 0.15);
    const removed = await change("DELETE", "/boards/board-1/members/bob");
    revocations.push({ userId: "bob", ...removed });
    await pause(ms * 0.5);
    const { seq } = await change("POST", "/boards/board-1/members", { userId: "bob" });
    Object.assign(revocations[0] ?? {}, { until: seq });

    /** Until the log has it: the server may be down at this moment. */
    async function change(method: string, path: string, body?: object): Promise<{ seq: number; at: number }> {
      const type = method === "DELETE" ? "member_removed" : "member_added";
      const before = head();
      for (;;) {
        await fetch(`http://127.0.0.1:${server.port}${path}`, {
          method,
          headers: { cookie, ...(body && { "content-type": "application/json" }) },
          ...(body && { body: JSON.stringify(body) }),
        }).catch(() => {});
        const entry = database
          .prepare<[number, string], { seq: number; at: number }>(
            "SELECT seq, at FROM noted_events WHERE seq > ? AND type = ? ORDER BY seq",
          )
          .get(before, type);
        if (entry) return entry;
        await pause(50);
      }
    }
  }
}

/**
 * How late events are when nothing is in their way: from the commit to the one who hears of it, on sockets or on streams,
 * whichever is later. A quarter of them came at least as soon; most of the others met a fault. In milliseconds.
 */
export function quickDelayMs({ log, subscribers }: History): number {
  const committedAt = new Map(log.map(({ seq, at }) => [seq, at]));
  const quartiles = ["sse", "socket"].map((transport) => {
    const wire = subscribers.filter((each) => each.transport === transport).flatMap((each) => each.wire);
    const delays = wire
      .flatMap((record) => (record.kind === "event" ? [record.at - (committedAt.get(record.seq) ?? 0)] : []))
      .sort((a, b) => a - b);
    return delays[Math.floor(delays.length / 4)] ?? Number.POSITIVE_INFINITY;
  });
  return Math.max(...quartiles);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The server forgets old events, and this run must not: what it writes and deletes is written down beside it. */
function noteEverything(database: Database): void {
  database.exec(`
    CREATE TABLE noted_events (seq INTEGER, type TEXT, event TEXT, actor TEXT, at INTEGER);
    CREATE TABLE noted_prunings (seq INTEGER, at INTEGER);
    CREATE TRIGGER note_event AFTER INSERT ON events WHEN NEW.board_id = 'board-1' BEGIN
      INSERT INTO noted_events VALUES (NEW.seq, NEW.type, NEW.data, NEW.actor_id, NEW.created_at);
    END;
    CREATE TRIGGER note_pruning AFTER DELETE ON events WHEN OLD.board_id = 'board-1' BEGIN
      INSERT INTO noted_prunings VALUES (OLD.seq, CAST(unixepoch('subsec') * 1000 AS INTEGER));
    END;
    INSERT INTO noted_events SELECT seq, type, data, actor_id, created_at FROM events WHERE board_id = 'board-1';
  `);
}

function readLog(database: Database): History["log"] {
  const rows = database
    .prepare("SELECT seq, type, event, actor, at FROM noted_events ORDER BY rowid")
    .all() as {
    seq: number;
    type: string;
    event: string;
    actor: string;
    at: number;
  }[];
  return rows.map(({ seq, type, event, actor, at }) => ({
    seq,
    at,
    userId: actor,
    mark: markOf({ type, data: JSON.parse(event) } as BoardEvent),
  }));
}

/**
 * A server as a process of its own, on the same port for as long as the run lasts.
 * @param program what it runs: it calls `serve`. @default this chapter's server
 */
export async function startServer(file: string, program = SERVER): Promise<SoakedServer> {
  let port = 0;
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = fork(program, {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, DATABASE_FILE: file, PORT: String(port) },
    });
    const [message] = await once(child, "message");
    port = message.listening;
  }

  async function kill(): Promise<void> {
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  /** Not asked to stop: killed, in the middle of whatever it does. Twice. */
  async function trouble(random: () => number, ms: number): Promise<SoakFault[]> {
    const faults: SoakFault[] = [];
    for (let each = 0; each < 2; each += 1) {
      await pause(ms * (0.2 + 0.2 * random()));
      const from = Date.now();
      await kill();
      await pause(100 * random());
      await start();
      faults.push({ kind: "kill", from, to: Date.now() });
    }
    return faults;
  }

  await start();
  return {
    get port() {
      return port;
    },
    trouble,
    stop: kill,
  };
}
