import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { shouldComeBack } from "../../shared/close-codes.ts";
import { createBackoff } from "./backoff.ts";
import { createReconnectingSocket, type ReconnectingSocketOptions, Stop } from "./reconnecting-socket.ts";

/** A socket whose server is the test. */
class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  readonly url: string;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.isClosed = true;
  }
  open(): void {
    this.dispatchEvent(new Event("open"));
  }
  says(data: string): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
  ends(code = 1006, reason = ""): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

function start(options: Partial<ReconnectingSocketOptions> = {}) {
  const states: string[] = [];
  const messages: string[] = [];
  let asked = 0;
  const socket = createReconnectingSocket({
    address: async () => `ws://server/?ticket=${++asked}`,
    shouldComeBack,
    onMessage: (text) => messages.push(text),
    onState: (state, reason) => states.push(reason === undefined ? state : `${state}: ${reason}`),
    backoff: { random: () => 1 },
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    ...options,
  });
  onTestFinished(() => socket.stop());
  return { socket, states, messages };
}

/** The socket of the newest attempt. */
const newest = () => FakeSocket.all.at(-1) as FakeSocket;
const attempts = () => FakeSocket.all.length;
/** Lets the promises of an attempt settle. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the states", () => {
  test("connecting, open, waiting, connecting again, stopped", async () => {
    const { socket, states, messages } = start();
    await settle();
    newest().open();
    newest().says("hello");
    expect([socket.state, messages]).toEqual(["open", ["hello"]]);
    newest().ends();
    await vi.advanceTimersByTimeAsync(250);
    newest().open();
    socket.stop();
    expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open", "stopped"]);
    expect(newest().isClosed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("every attempt asks for an address of its own: a ticket works once", async () => {
    start();
    await settle();
    newest().ends();
    await vi.advanceTimersByTimeAsync(250);
    expect(FakeSocket.all.map(({ url }) => url)).toEqual(["ws://server/?ticket=1", "ws://server/?ticket=2"]);
  });

  test("what is sent goes out only while it is open", async () => {
    const { socket } = start();
    expect(socket.send("early")).toBe(false);
    await settle();
    newest().open();
    expect(socket.send("now")).toBe(true);
    newest().ends();
    expect(socket.send("late")).toBe(false);
    expect(newest().sent).toEqual(["now"]);
  });

  test("a close code says whether to come back", async () => {
    for (const [code, comesBack] of [
      [1012, true],
      [4001, true],
      [4005, true],
      [4401, false],
      [4403, false],
    ] as const) {
      const { socket, states } = start();
      await settle();
      newest().open();
      newest().ends(code, "because");
      expect([code, socket.state]).toEqual([code, comesBack ? "waiting" : "stopped"]);
      if (!comesBack) expect(states.at(-1)).toBe("stopped: because");
      socket.stop();
    }
  });

  test("an address that says stop is the end, and one that cannot be had is a failed attempt", async () => {
    const { states } = start({ address: async () => new Stop("Sign in again.") });
    await settle();
    expect(states).toEqual(["connecting", "stopped: Sign in again."]);
    expect(attempts()).toBe(0);
    let isDown = true;
    const other = start({
      address: async () => {
        if (isDown) throw new TypeError("fetch failed");
        return "ws://server/";
      },
    });
    await settle();
    expect(other.socket.state).toBe("waiting");
    isDown = false;
    await vi.advanceTimersByTimeAsync(250);
    expect(attempts()).toBe(1);
  });

  test("an address that is none is a failed attempt, and no crash", async () => {
    const { socket } = start({
      WebSocket: class {
        constructor() {
          throw new SyntaxError("no address");
        }
      } as unknown as typeof WebSocket,
    });
    await settle();
    expect(socket.state).toBe("waiting");
  });

  test("stopped while the address is asked for, or while it waits: nothing more happens", async () => {
    let signal: AbortSignal | undefined;
    const { socket, states } = start({
      address: (given) => {
        signal = given;
        return new Promise((_resolve, reject) => given.addEventListener("abort", () => reject(given.reason)));
      },
    });
    socket.stop();
    expect(signal?.aborted).toBe(true);
    await settle();
    const other = start();
    await settle();
    newest().ends();
    other.socket.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([states, attempts()]).toEqual([["connecting", "stopped"], 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what an abandoned socket still says is not heard", async () => {
    const { socket, messages, states } = start({ openWithinMs: 1_000 });
    await settle();
    const slow = newest();
    await vi.advanceTimersByTimeAsync(1_000 + 250);
    expect(attempts()).toBe(2);
    newest().open();
    slow.open();
    slow.says("from the past");
    slow.ends(4401);
    expect([messages, socket.state, slow.isClosed]).toEqual([[], "open", true]);
    expect(states).toEqual(["connecting", "waiting", "connecting", "open"]);
  });
});

describe("the waits", () => {
  const waitsOf = async (randoms: () => number, count: number) => {
    start({ backoff: { random: randoms } });
    const waits: number[] = [];
    for (let each = 0; each < count; each += 1) {
      await settle();
      newest().ends();
      const before = attempts();
      const began = Date.now();
      await vi.advanceTimersToNextTimerAsync();
      expect(attempts()).toBe(before + 1);
      waits.push(Date.now() - began);
    }
    return waits;
  };

  test("the limit doubles with every attempt, from 250 ms to 30 s", async () => {
    expect(await waitsOf(() => 1, 9)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("the jitter is full: anywhere between nothing and the limit", async () => {
    const randoms = [0, 0.5, 0.25, 0.999];
    expect(await waitsOf(() => randoms.shift() ?? 0, 4)).toEqual([0, 250, 250, 1_998]);
    const backoff = createBackoff();
    const waits = Array.from({ length: 1_000 }, () => createBackoff().next());
    expect(Math.max(...waits)).toBeLessThan(250);
    expect(Math.min(...waits)).toBeLessThan(20);
    expect(Math.max(...waits)).toBeGreaterThan(230);
    expect(backoff.next()).toBeLessThan(250);
  });

  test("only a connection that was stable lets the waits begin anew", async () => {
    start();
    const connectFor = async (ms: number) => {
      await settle();
      newest().open();
      await vi.advanceTimersByTimeAsync(ms);
      newest().ends();
      const began = Date.now();
      await vi.advanceTimersToNextTimerAsync();
      return Date.now() - began;
    };
    // A server that lets everybody in and falls over at once gets more and more time.
    expect([await connectFor(0), await connectFor(9_999), await connectFor(0)]).toEqual([250, 500, 1_000]);
    expect(await connectFor(10_000)).toBe(250);
  });
});

describe("silence", () => {
  test("a server that promised a sign of life and is silent for two of them is taken for dead", async () => {
    const { socket } = start();
    await settle();
    newest().open();
    socket.expectEvery(1_000);
    await vi.advanceTimersByTimeAsync(1_900);
    newest().says("late, but there");
    await vi.advanceTimersByTimeAsync(1_999);
    expect(socket.state).toBe("open");
    const dead = newest();
    await vi.advanceTimersByTimeAsync(1);
    expect([socket.state, dead.isClosed]).toEqual(["waiting", true]);
    await vi.advanceTimersByTimeAsync(250);
    expect(attempts()).toBe(2);
  });

  test("after the first word, and without a promise, silence means nothing", async () => {
    const { socket } = start();
    await settle();
    newest().open();
    newest().says("hello");
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(socket.state).toBe("open");
  });

  test("a connection that is silent from its first byte on is dead too, the first one and every other", async () => {
    const { socket } = start({ openWithinMs: 5_000 });
    await settle();
    newest().open();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(socket.state).toBe("waiting");
    await vi.advanceTimersByTimeAsync(250);
    newest().open();
    socket.expectEvery(1_000);
    newest().ends();
    await vi.advanceTimersByTimeAsync(500);
    newest().open();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(socket.state).toBe("waiting");
  });

  test("a promise of weeks is no promise of nothing", async () => {
    const { socket } = start();
    await settle();
    newest().open();
    socket.expectEvery(2 ** 31);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(socket.state).toBe("open");
  });
});

describe("hints", () => {
  /** A page that can be hidden and lose its network. */
  function fakePage() {
    const page = new EventTarget();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    const document = Object.assign(new EventTarget(), { hidden: false });
    vi.stubGlobal("document", document);
    return {
      online: () => page.dispatchEvent(new Event("online")),
      show: (isShown: boolean) => {
        document.hidden = !isShown;
        document.dispatchEvent(new Event("visibilitychange"));
      },
    };
  }

  test("the network is back, or the page is looked at: a waiting socket tries at once", async () => {
    const page = fakePage();
    const { socket } = start();
    await settle();
    for (const hint of [page.online, () => page.show(true)]) {
      newest().ends();
      const before = attempts();
      hint();
      await settle();
      expect([attempts(), socket.state]).toEqual([before + 1, "connecting"]);
    }
    newest().ends();
    page.show(false); // nobody looks: no hurry
    await settle();
    expect(socket.state).toBe("waiting");
  });

  test("an open socket is asked, and one that does not answer soon is dead", async () => {
    const page = fakePage();
    const { socket } = start({ probe: "ping" });
    await settle();
    newest().open();
    page.show(true);
    expect(newest().sent).toEqual(["ping"]);
    await vi.advanceTimersByTimeAsync(4_000);
    newest().says("pong");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.state).toBe("open");
    page.online();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(socket.state).toBe("waiting");
  });

  test("hint after hint does not keep a dead connection alive", async () => {
    const page = fakePage();
    start({ probe: "ping" });
    await settle();
    newest().open();
    newest().says("hello");
    const dead = newest();
    for (let each = 0; each < 3; each += 1) {
      page.online();
      await vi.advanceTimersByTimeAsync(2_000);
    }
    expect([dead.sent, dead.isClosed]).toEqual([["ping"], true]);
  });

  test("after a stop, hints are not heard", async () => {
    const page = fakePage();
    const { socket } = start();
    await settle();
    socket.stop();
    page.online();
    page.show(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(1);
  });
});
