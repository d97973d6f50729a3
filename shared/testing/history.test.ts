import { describe, expect, test } from "vitest";
import type { Cursor, Snapshot } from "../events.ts";
import { createRandom } from "../wire/random.ts";
import { checkHistory, describeVerdict, type History, type Rule, type WireRecord } from "./history.ts";

/** The same without `readonly`, so that a defect can be planted. */
type Draft<T> = { -readonly [Key in keyof T]: Draft<T[Key]> };
type Run = Draft<History>;
type Follower = Run["subscribers"][number];
type Opened = Extract<Draft<WireRecord>, { kind: "open" }>;
type Received = Extract<Draft<WireRecord>, { kind: "event" }>;

const EPOCH = "epoch1";
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

test("200 clean histories are valid", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const verdict = checkHistory(cleanHistory(seed));
    expect(describeVerdict(verdict), `seed ${seed}`).toBe("valid");
  }
});

describe("a planted defect is found, with the smallest witness", () => {
  function planted(what: string, rule: Rule, witnesses: number, plant: (run: Run) => unknown): void {
    test(what, () => {
      for (const seed of SEEDS) {
        const run = cleanHistory(seed);
        plant(run);
        const verdict = checkHistory(run);
        const text = `seed ${seed}: ${describeVerdict(verdict)}`;
        expect(verdict, text).toMatchObject({ verdict: "invalid", rule });
        expect(verdict.verdict === "invalid" && verdict.witness.length, text).toBe(witnesses);
      }
    });
  }

  planted("an acknowledged write is lost", "writesAreKept", 1, (run) =>
    remark(run, acknowledged(run).seq, ""),
  );
  planted("an acknowledged write is lost, and its seq was not said", "writesAreKept", 1, (run) => {
    const { mark, seq } = acknowledged(run);
    delete writeOf(run, mark).seq;
    remark(run, seq, "");
  });
  planted("an acknowledged write is in the log twice", "writesAreKept", 2, (run) =>
    remark(run, nobodys(run).seq, acknowledged(run).mark),
  );
  planted("an unknown write is in the log twice", "writesAreKept", 2, (run) =>
    remark(run, nobodys(run).seq, lastOf(run, "unknown").mark),
  );
  planted("a failed write is in the log", "writesAreKept", 2, (run) =>
    Object.assign(writeOf(run, acknowledged(run).mark), { outcome: "failed", seq: undefined }),
  );
  planted(
    "a failed write was in the log, as somebody saw before it was pruned",
    "writesAreKept",
    2,
    (run) => {
      const seen = eventsOf(bob(run)).find(({ seq, mark }) => mark && seq <= (run.prunings[0]?.upTo ?? 0));
      Object.assign(writeOf(run, found(seen).mark), { outcome: "failed", seq: undefined });
    },
  );
  planted("an acknowledgement says a wrong seq", "writesAreKept", 2, (run) => {
    const { mark, seq } = acknowledged(run);
    writeOf(run, mark).seq = seq + 1;
  });
  planted("the log has a gap", "logIsWhole", 2, (run) => {
    run.subscribers = [];
    run.log.splice(run.log.indexOf(nobodys(run)), 1);
  });
  planted("the log has an event of nobody", "logIsWhole", 1, (run) =>
    remark(run, nobodys(run).seq, "stranger"),
  );
  planted("the snapshot is not at the log's head", "logIsWhole", 2, (run) => {
    run.subscribers = [];
    run.snapshot.seq += 1;
  });
  planted("a connection has a gap", "connectionsAreDense", 2, (run) =>
    bob(run).wire.splice(bob(run).wire.length - 2, 1),
  );
  planted("a connection begins with a gap", "connectionsAreDense", 2, (run) =>
    bob(run).wire.splice(reopening(run).index + 1, 1),
  );
  planted("a connection repeats an event", "connectionsAreDense", 2, (run) =>
    bob(run).wire.push(lastEvent(run)),
  );
  planted("two events come in the wrong order", "connectionsAreDense", 2, (run) =>
    bob(run).wire.splice(-3, 2, ...bob(run).wire.slice(-3, -1).reverse()),
  );
  planted("an event comes on a connection that was not opened", "connectionsAreDense", 1, (run) => {
    lastEvent(run).connection = 1_000;
  });
  planted("there is another event under the same seq", "eventsAreTheLogs", 2, (run) => {
    lastEvent(run).mark = "another";
  });
  planted("an event comes that is not in the log", "eventsAreTheLogs", 1, (run) => {
    const last = lastEvent(run);
    bob(run).wire.push({ ...last, seq: last.seq + 1 });
  });
  planted("two received different events under a seq that was pruned", "eventsAreTheLogs", 2, (run) => {
    found(eventsOf(bob(run))[0]).mark = "another";
  });
  planted("it is reopened too early, and an event repeated", "connectionsResume", 2, (run) => {
    const { open, index } = reopening(run);
    const before = found(eventsOf(bob(run)).find(({ seq }) => seq === open.cursor.seq));
    bob(run).wire.splice(index + 1, 0, { ...before, at: open.at, connection: open.connection });
    open.cursor.seq -= 1;
  });
  planted("it is reopened too late, and an event missed", "connectionsResume", 2, (run) => {
    const { open, index } = reopening(run);
    bob(run).wire.splice(index + 1, 1);
    open.cursor.seq += 1;
  });
  planted("it is reopened with another epoch", "connectionsResume", 2, (run) => {
    reopening(run).open.cursor.epoch = "another";
  });
  planted("a subscriber is left behind", "subscribersCatchUp", 2, (run) => {
    bob(run).wire.splice(-2);
    bob(run).board.seq -= 2;
  });
  planted("a subscriber never received anything", "subscribersCatchUp", 1, (run) => {
    bob(run).wire = [];
  });
  planted("who was let in again is left behind", "subscribersCatchUp", 2, (run) =>
    follower(run, "erin").wire.splice(-2),
  );
  planted("a board differs", "boardsAgree", 1, (run) => {
    found(bob(run).board.tasks[1]).title = "Another";
  });
  planted("an event is delivered after a revocation", "revocationsHold", 2, (run) => {
    const { wire } = follower(run, "dave");
    const last = found(eventsOf(follower(run, "dave")).at(-1));
    const missed = run.log.filter(({ seq }) => seq > last.seq && seq <= revocationOf(run, "dave").seq + 1);
    wire.splice(-1, 0, ...missed.map((entry) => ({ ...last, ...entry })));
  });
  planted("an event from before a revocation is delivered long after it", "revocationsHold", 2, (run) => {
    const last = found(eventsOf(follower(run, "dave")).at(-1));
    last.at = endOf(run) + 10_000;
    run.faults.push({ kind: "freeze", from: last.at - 1, to: last.at });
  });
  planted("a board is fetched after a revocation", "revocationsHold", 2, (run) => {
    const { at, seq } = revocationOf(run, "dave");
    follower(run, "dave").wire.push({ kind: "snapshot", at, seq: seq + 1, epoch: EPOCH });
  });
  planted("a connection outlives a revocation until its end", "revocationsHold", 2, (run) => {
    const { seq, until = 0 } = revocationOf(run, "erin");
    const { wire } = follower(run, "erin");
    const index = wire.findIndex((record) => record.kind === "close" && record.code === 4403);
    const last = found(wire[index - 1]) as Received;
    const missed = run.log.filter((entry) => entry.seq > last.seq && entry.seq <= seq + 1);
    wire.splice(index, 0, ...missed.map((entry) => ({ ...last, ...entry, at: entryOf(run, until).at + 1 })));
    // Where it stands now, so that nothing else is wrong.
    const next = wire.slice(index).find((record) => record.kind === "snapshot" || record.kind === "open");
    if (next?.kind === "open") wire.splice(wire.indexOf(next), 0, standing(next));
  });
  planted("a reset is not justified", "resetsAreJustified", 1, (run) => reset(run, run.snapshot.seq));
  planted("a reset comes before the pruning that would justify it", "resetsAreJustified", 1, (run) => {
    run.prunings.push({ at: endOf(run) + 1, upTo: run.snapshot.seq });
    reset(run, run.snapshot.seq - 1);
  });
  planted("a reset has a cursor right at the pruning", "resetsAreJustified", 1, (run) => {
    run.prunings.push({ at: endOf(run), upTo: run.snapshot.seq - 1 });
    reset(run, run.snapshot.seq - 1);
  });
  planted(
    "a reset is not followed by a snapshot, and then a new connection",
    "resetsAreJustified",
    2,
    (run) => {
      const { wire } = follower(run, "carol");
      const index = wire.findIndex(({ kind }) => kind === "reset");
      wire.splice(
        wire.findIndex(({ kind }, at) => at > index && kind === "snapshot"),
        1,
      );
    },
  );
  planted("a reset is not followed by a snapshot", "resetsAreJustified", 2, (run) => {
    const { open, index } = reopening(run);
    bob(run).wire.splice(index, 0, { ...open, kind: "reset", cursor: { epoch: "another", seq: 1 } });
  });
  planted("who asks until there is an answer gets none", "writesAreKept", 1, (run) => {
    run.writes.push({
      mark: "unanswered",
      userId: "alice",
      startedAt: endOf(run),
      outcome: "unknown",
      mustBeAnswered: true,
    });
  });
  planted("a write is in the log in another name", "writesAreKept", 2, (run) => {
    const { seq } = acknowledged(run);
    Object.assign(entryOf(run, seq), { userId: "mallory" });
  });
  planted("somebody writes who was removed", "revocationsHold", 2, (run) => {
    const revocation = found(run.revocations.at(-1));
    const entry = found(run.log.find(({ seq, mark }) => mark && seq > revocation.seq));
    writeOf(run, entry.mark).userId = revocation.userId;
  });
  planted("an event comes before it is in the log", "causesComeFirst", 2, (run) => {
    const last = lastEvent(run);
    last.at = entryOf(run, last.seq).at - 1;
  });
  planted("an event is in the log before it was asked for", "causesComeFirst", 2, (run) => {
    const { mark, at } = acknowledged(run);
    writeOf(run, mark).startedAt = at + 1;
  });
  planted("an event is acknowledged before it is in the log", "causesComeFirst", 2, (run) => {
    const { mark, at } = acknowledged(run);
    Object.assign(writeOf(run, mark), { startedAt: at - 2, endedAt: at - 1 });
  });
});

describe("what was pruned", () => {
  test("excuses nothing that is younger than what is left, whenever it was pruned", () => {
    const run = cleanHistory(1);
    const { at } = found(run.log[0]);
    run.prunings.push({ at: endOf(run), upTo: run.prunings.at(-1)?.upTo ?? 0 });
    run.writes.push({
      mark: "lost",
      userId: "bob",
      outcome: "acknowledged",
      startedAt: at + 1,
      endedAt: at + 2,
    });
    expect(checkHistory(run)).toMatchObject({ verdict: "invalid", rule: "writesAreKept" });
  });
});

describe("what only looks like a defect is none", () => {
  function harmless(what: string, change: (run: Run) => unknown): void {
    test(what, () => {
      for (const seed of SEEDS) {
        const run = cleanHistory(seed);
        change(run);
        const verdict = checkHistory(run, { minReplayedEvents: 0 });
        expect(describeVerdict(verdict), `seed ${seed}`).toBe("valid");
      }
    });
  }

  harmless("an acknowledged write that is not there may have been pruned", (run) => {
    const { at } = found(run.log[0]);
    const times = { startedAt: at - 2, endedAt: at - 1 };
    run.writes.push({ mark: "pruned", userId: "bob", outcome: "acknowledged", ...times });
  });
  harmless("the log is cut after everybody has everything", (run) => {
    run.prunings.push({ at: endOf(run), upTo: run.snapshot.seq });
    run.log = [];
  });
  harmless("a reset in the moment of the pruning", (run) => {
    run.prunings.push({ at: endOf(run), upTo: run.snapshot.seq });
    reset(run, run.snapshot.seq - 1);
  });
  harmless("a reset in what was the future then", (run) => {
    reset(run, run.snapshot.seq, entryOf(run, run.snapshot.seq).at - 1);
  });
  harmless("a fault holds an event from before a revocation", (run) => {
    const { at } = revocationOf(run, "dave");
    run.faults.push({ kind: "freeze", from: at + 9_000, to: at + 20_000 });
    run.faults.push({ kind: "freeze", from: at - 10, to: at + 8_500 });
    found(eventsOf(follower(run, "dave")).at(-1)).at = at + 20_500;
  });
  harmless("a board of somebody who was removed", (run) => {
    follower(run, "dave").board.seq = -1;
  });
  harmless("a page fetches the board, and only then receives the next event", (run) => {
    const { open, index } = reopening(run);
    const [next] = bob(run).wire.splice(index + 1);
    bob(run).wire.push({ ...standing(open), seq: run.snapshot.seq }, found(next));
  });
  harmless("a board has a field that JSON leaves out", (run) => {
    Object.assign(bob(run).board, { presence: undefined });
  });
  harmless("who was removed and let in again at once goes on", (run) => {
    const { at, seq } = entryOf(run, reopening(run).open.cursor.seq - 1);
    run.revocations.push({ userId: "bob", at, seq, until: seq + 1 });
  });
  harmless("who was removed had a board of another log", (run) => {
    follower(run, "dave").wire.unshift({ kind: "snapshot", at: 1, epoch: "another", seq: 1_000_000 });
  });
});

describe("a run that shows too little is unknown", () => {
  const many = 100_000;
  test.each([
    ["reconnects", { minReconnects: many }],
    ["replayed events", { minReplayedEvents: many }],
    ["faults over writes", { minFaultsOverWrites: many }],
  ])("too few %s", (what, demands) => {
    const verdict = checkHistory(cleanHistory(1), demands);
    const message = expect.stringMatching(
      new RegExp(`^The run shows too little: \\d+ ${what} instead of ${many}\\.$`),
    );
    expect(verdict).toEqual({ verdict: "unknown", message });
  });

  test("what counts is counted, and nothing else", () => {
    const [first, ...others] = [1, 2, 3].map((seq) => ({ seq, mark: `write-${seq}`, at: 100 * seq }));
    const cursor = (seq: number) => ({ cursor: { epoch: EPOCH, seq } });
    const run: History = {
      ...cleanHistory(1),
      writes: [1, 2, 3].map((seq) => ({
        mark: `write-${seq}`,
        userId: "alice",
        startedAt: 100 * seq,
        endedAt: 100 * seq + 1,
        outcome: "acknowledged",
      })),
      log: others,
      snapshot: boardAt([], 3),
      subscribers: [
        {
          name: "bob",
          userId: "bob",
          transport: "websockets",
          board: boardAt([], 3),
          wire: [
            { kind: "snapshot", at: 90, epoch: EPOCH, seq: 0 },
            { kind: "open", at: 91, connection: 1, ...cursor(0) },
            { ...found(first), kind: "event", at: 101, connection: 1 },
            { kind: "open", at: 102, connection: 2, ...cursor(1) },
            { kind: "close", at: 103, connection: 1 },
            // The same connection, joined again.
            { kind: "open", at: 250, connection: 2, ...cursor(1) },
            ...others.map((entry) => ({ ...entry, kind: "event" as const, at: 300, connection: 2 })),
          ],
        },
      ],
      faults: [
        { kind: "freeze", from: 102, to: 199 },
        { kind: "freeze", from: 301, to: 302 },
      ],
      revocations: [],
      prunings: [{ at: 400, upTo: 1 }],
    };
    expect(
      describeVerdict(checkHistory(run, { minReconnects: 2, minReplayedEvents: 2, minFaultsOverWrites: 2 })),
    ).toBe(
      "unknown\nThe run shows too little: " +
        "1 reconnects instead of 2; 1 replayed events instead of 2; 1 faults over writes instead of 2.",
    );
    expect(checkHistory(run, { minReconnects: 1, minReplayedEvents: 1 })).toEqual({ verdict: "valid" });
  });

  test("an empty history, whatever is demanded", () => {
    const empty: History = {
      ...cleanHistory(1),
      writes: [],
      log: [],
      subscribers: [],
      faults: [],
      prunings: [],
    };
    const verdict = checkHistory(
      { ...empty, revocations: [] },
      { minReconnects: 0, minReplayedEvents: 0, minFaultsOverWrites: 0 },
    );
    expect(verdict).toEqual({
      verdict: "unknown",
      message: "The run shows too little: 0 writes instead of 1; 0 events instead of 1.",
    });
  });
});

test("of several defects the one with the smallest witness is told, and of those the earliest", () => {
  const run = cleanHistory(1);
  const { wire } = bob(run);
  const early = found(eventsOf(bob(run)).findLast(({ seq }) => seq === reopening(run).open.cursor.seq));
  const { mark, seq } = acknowledged(run);
  writeOf(run, mark).seq = seq + 1;
  expect(checkHistory(run)).toMatchObject({ rule: "writesAreKept" });
  wire.splice(wire.indexOf(early), 0, early);
  expect(checkHistory(run)).toMatchObject({ rule: "connectionsAreDense", witness: [early, early] });
  run.snapshot.board.name = "Another";
  expect(checkHistory(run)).toMatchObject({ rule: "boardsAgree" });
});

test("a verdict is told with its records, and a board with the path of its first difference", () => {
  const run = cleanHistory(1);
  found(bob(run).board.tasks[1]).title = "Another";
  const { title } = found(run.snapshot.tasks[1]);
  expect(describeVerdict(checkHistory(run))).toBe(
    [
      "invalid: boardsAgree",
      "bob's board is not the fresh snapshot: board.tasks.1.title differs.",
      `  {"subscriber":"bob","path":"board.tasks.1.title","is":"Another","expected":"${title}"}`,
    ].join("\n"),
  );
});

/** A model of a server and those who follow it. Its history breaks no rule. */
function cleanHistory(seed: number): Run {
  const random = createRandom(seed);
  const below = (bound: number) => Math.floor(random() * bound);
  const log: Run["log"] = [];
  const history: Omit<Run, "log" | "snapshot" | "subscribers"> = {
    writes: [],
    epoch: EPOCH,
    faults: [],
    revocations: [],
    prunings: [],
  };
  const removed = new Set<string>();
  let now = 1_000;
  let connections = 0;

  /** Two things can be in the same millisecond. */
  function tick(): number {
    now += below(10);
    return now;
  }

  function commit(mark = "") {
    const entry = { seq: log.length + 1, mark, at: tick() };
    log.push(entry);
    return entry;
  }

  function write(
    outcome: History["writes"][number]["outcome"],
    isCommitted = outcome === "acknowledged",
  ): void {
    const mark = `write-${history.writes.length + 1}`;
    const startedAt = tick();
    const entry = isCommitted ? commit(mark) : undefined;
    const isAnswered = outcome !== "unknown" || random() < 0.5;
    const seq = outcome === "acknowledged" && random() < 0.7 ? entry?.seq : undefined;
    const endedAt = isAnswered ? tick() : undefined;
    history.writes.push({ mark, userId: "alice", startedAt, endedAt, outcome, seq });
  }

  function prunedUpTo(): number {
    return history.prunings.at(-1)?.upTo ?? 0;
  }

  function prune(upTo: number): void {
    deliverAll();
    history.prunings.push({ at: tick(), upTo });
  }

  interface Model extends Omit<Follower, "board"> {
    cursor?: Cursor | undefined;
    connection?: number | undefined;
  }

  function model(name: string, transport: string): Model {
    return { name, userId: name, transport, wire: [] };
  }

  const carol = model("carol", "sse");
  const dave = model("dave", "websockets");
  const erin = model("erin", "websockets");
  const followers = [model("bob", "sse"), carol, dave, erin, model("polly", "short-polling")];

  function fetchBoard(follower: Model, cursor = { epoch: EPOCH, seq: log.length }): void {
    follower.cursor = cursor;
    follower.wire.push({ kind: "snapshot", at: tick(), ...cursor });
  }

  function close(follower: Model, code?: number): void {
    if (follower.connection === undefined) return;
    follower.wire.push({ kind: "close", at: tick(), connection: follower.connection, code });
    follower.connection = undefined;
  }

  function open(follower: Model): void {
    if (follower.connection !== undefined) return;
    if (!follower.cursor) fetchBoard(follower);
    const cursor = { ...found(follower.cursor) };
    connections += 1;
    follower.connection = connections;
    follower.wire.push({ kind: "open", at: tick(), connection: connections, cursor });
    const isHonoured = cursor.epoch === EPOCH && cursor.seq >= prunedUpTo() && cursor.seq <= log.length;
    if (removed.has(follower.userId)) close(follower, 4404);
    if (removed.has(follower.userId) || isHonoured) return;
    follower.wire.push({ kind: "reset", at: tick(), connection: connections, cursor: { ...cursor } });
    close(follower);
    fetchBoard(follower);
    open(follower);
  }

  function deliver(follower: Model, most = Number.POSITIVE_INFINITY): void {
    const { connection, cursor } = follower;
    if (connection === undefined || !cursor) return;
    for (const { seq, mark } of log.slice(cursor.seq, cursor.seq + most)) {
      follower.wire.push({ kind: "event", at: tick(), connection, seq, mark });
      follower.cursor = { epoch: EPOCH, seq };
    }
    if (follower.transport === "short-polling") close(follower);
  }

  function deliverAll(): void {
    for (const follower of followers) deliver(follower);
  }

  function openAll(): void {
    for (const follower of followers) if (!removed.has(follower.userId)) open(follower);
  }

  function revoke(follower: Model): void {
    const { seq, at } = commit();
    history.revocations.push({ userId: follower.userId, seq, at });
    removed.add(follower.userId);
    close(follower, 4403);
  }

  function readmit(follower: Model): void {
    Object.assign(found(history.revocations.at(-1)), { until: commit().seq });
    removed.delete(follower.userId);
    if (random() < 0.5) follower.cursor = undefined;
  }

  function steps(count: number): void {
    const follower = () => found(followers[below(followers.length)]);
    const actions = [
      () => write("acknowledged"),
      () => write("acknowledged"),
      () => write("failed"),
      () => write("unknown", random() < 0.5),
      () => void commit(),
      () => open(follower()),
      () => open(follower()),
      () => deliver(follower(), below(4)),
      () => deliver(follower()),
      () => close(follower()),
      () => void history.faults.push({ kind: "kill", from: now - below(50), to: now + below(50) }),
    ];
    for (let step = 0; step < count; step += 1) found(actions[below(actions.length)])();
  }

  write("acknowledged");
  fetchBoard(carol, random() < 0.5 ? { epoch: "another", seq: 1 } : { epoch: EPOCH, seq: 1_000 });
  openAll();
  for (let each = 0; each < 3; each += 1) write("acknowledged");
  deliverAll();
  prune(log.length - 1);
  steps(30);
  prune(prunedUpTo() + below(log.length - prunedUpTo() + 1));
  steps(30);

  openAll();
  write("acknowledged");
  deliverAll();
  revoke(erin);
  write("acknowledged");
  steps(30);
  readmit(erin);
  steps(30);

  openAll();
  for (let each = 0; each < 3; each += 1) write("acknowledged");
  deliverAll();
  revoke(dave);
  openAll();
  deliverAll();

  for (const follower of followers) close(follower);
  const from = tick();
  write("acknowledged");
  write("unknown", true);
  commit();
  write("acknowledged");
  write("acknowledged");
  history.faults.push({ kind: "cut", from, to: tick() });
  // What is in the log before this is replayed, and not what comes in the same millisecond.
  now += 1;
  openAll();
  deliverAll();

  const subscribers = followers.map(({ name, userId, transport, wire, cursor }) => {
    return { name, userId, transport, wire, board: boardAt(log, cursor?.seq ?? 0) };
  });
  const left = log.filter(({ seq }) => seq > prunedUpTo());
  return { ...history, log: left, snapshot: boardAt(log, log.length), subscribers };
}

/** A board on which each event with a mark has made a task. */
function boardAt(log: History["log"], seq: number): Draft<Snapshot> {
  const entries = log.filter((entry) => entry.mark && entry.seq <= seq);
  const tasks = entries.map(({ mark, at }) => ({
    id: mark,
    listId: "list-1",
    title: mark,
    description: "",
    assigneeId: null,
    position: mark,
    version: 1,
    updatedAt: new Date(at).toISOString(),
  }));
  return { board: { id: "board-1", name: "Demo", epoch: EPOCH, members: [] }, lists: [], tasks, seq };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The clean history has no place for this defect.");
  return value;
}

function follower(run: Run, name: string): Follower {
  return found(run.subscribers.find((each) => each.name === name));
}

/** Follows from the beginning to the end. His last connection has replayed five events, and is open. */
function bob(run: Run): Follower {
  return follower(run, "bob");
}

function eventsOf({ wire }: Follower): Received[] {
  return wire.filter((record) => record.kind === "event");
}

function lastEvent(run: Run): Received {
  return found(eventsOf(bob(run)).at(-1));
}

/** How Bob's last connection was opened. */
function reopening(run: Run): { open: Opened; index: number } {
  const open = found(bob(run).wire.findLast((record) => record.kind === "open"));
  return { open, index: bob(run).wire.indexOf(open) };
}

/** A snapshot that leads to where a connection is opened. */
function standing({ at, cursor }: Opened): Extract<WireRecord, { kind: "snapshot" }> {
  return { kind: "snapshot", at, ...cursor };
}

/** Bob is reset in the end, and fetches the board. */
function reset(run: Run, seq: number, at = endOf(run)): void {
  const { connection } = lastEvent(run);
  bob(run).wire.push({ kind: "reset", at, connection, cursor: { epoch: EPOCH, seq } });
  bob(run).wire.push({ kind: "snapshot", at, epoch: EPOCH, seq: run.snapshot.seq });
}

function revocationOf(run: Run, userId: string): Run["revocations"][number] {
  return found(run.revocations.find((each) => each.userId === userId));
}

function entryOf(run: Run, wanted: number): Run["log"][number] {
  return found(run.log.find(({ seq }) => seq === wanted));
}

function writeOf(run: Run, wanted: string): Run["writes"][number] {
  return found(run.writes.find(({ mark }) => mark === wanted));
}

function lastOf(run: Run, outcome: string): Run["log"][number] {
  return found(run.log.findLast(({ mark }) => mark && writeOf(run, mark).outcome === outcome));
}

function acknowledged(run: Run): Run["log"][number] {
  return lastOf(run, "acknowledged");
}

function nobodys(run: Run): Run["log"][number] {
  return found(run.log.findLast(({ mark }) => mark === ""));
}

/** Gives an event another mark, in the log and on all wires. */
function remark(run: Run, seq: number, mark: string): void {
  const places = [...run.log, ...run.subscribers.flatMap(eventsOf)];
  for (const place of places) if (place.seq === seq) place.mark = mark;
}

function endOf(run: Run): number {
  return Math.max(...run.subscribers.flatMap(({ wire }) => wire.map(({ at }) => at)));
}
