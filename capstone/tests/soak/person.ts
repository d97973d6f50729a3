// One who works on the live board with the real client, on a device whose page crashes and is loaded again.
import { WebSocket } from "ws";
import type { Command } from "../../board/commands.ts";
import { type BoardClient, openBoardClient, type TransportName } from "../../client/sync/board-client.ts";
import { longPollTransport } from "../../client/sync/transports/long-poll.ts";
import { pollTransport } from "../../client/sync/transports/poll.ts";
import { type SocketLike, socketTransport } from "../../client/sync/transports/socket.ts";
import { streamTransport } from "../../client/sync/transports/stream.ts";
import { BOARD_ID, MARK } from "./live-board.ts";
import { createDevice, type Device, type Page } from "./noting-outbox.ts";
import { randomChange } from "./random-change.ts";

export interface PersonOptions {
  /** The tap knows the connections by it. */
  readonly name: string;
  readonly userId: string;
  readonly transport: TransportName | "auto";
  readonly baseUrl: string;
  readonly cookie: string;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** A command that somebody has given. */
export interface Given {
  readonly key: string;
  readonly command: Command;
  readonly at: number;
}

export interface Person {
  readonly name: string;
  readonly userId: string;
  readonly transport: TransportName | "auto";
  readonly client: BoardClient;
  readonly given: readonly Given[];
  readonly device: Device;
  /** How often the page has crashed, and how many commands were not decided then. */
  readonly crashes: number;
  readonly leftByCrashes: number;
  /** Works until it is over, and loses power once in the first `ms` milliseconds. */
  work(isOver: () => boolean, ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Everything that takes seconds takes a fraction of one. */
const HURRY = {
  backoff: { minMs: 20, maxMs: 300, stableMs: 500 },
  upgradeBackoff: { minMs: 50, maxMs: 500 },
  openWithinMs: 2_500,
  answerWithinMs: 2_000,
  offlineAfterMs: 1_000,
  saveEveryMs: 100,
  presenceMs: 500,
};

/** Who waits for so many answers stops and looks. */
const MAX_WAITING = 10;

export function createPerson(options: PersonOptions): Person {
  const { name, userId, transport, baseUrl, random } = options;
  const device = createDevice(random);
  const given: Given[] = [];
  let crashes = 0;
  let leftByCrashes = 0;
  let marks = 0;
  let page: Page;
  let unplug: () => void;
  let client = load();

  function load(): BoardClient {
    page = device.openPage();
    const plug = new AbortController();
    unplug = () => plug.abort();
    const headers = { cookie: options.cookie, origin: baseUrl, "x-user": name };
    class OwnSocket extends WebSocket {
      constructor(url: string) {
        super(url, { headers });
        this.on("error", () => {});
        plug.signal.addEventListener("abort", () => this.terminate());
      }
    }
    const opened = openBoardClient({
      boardId: BOARD_ID,
      userId,
      outbox: page.outbox,
      baseUrl,
      fetch(input, init) {
        const signals = [plug.signal, ...(init?.signal ? [init.signal] : [])];
        const all = { ...(init?.headers as object), ...headers };
        return fetch(input, { ...init, headers: all, signal: AbortSignal.any(signals) });
      },
      transports: [
        socketTransport({
          WebSocket: OwnSocket as unknown as new (url: string) => SocketLike,
          helloWithinMs: 2_000,
          answerWithinMs: 2_000,
        }),
        streamTransport({ maxSilenceMs: 1_000, answerWithinMs: 2_000 }),
        longPollTransport({ maxWaitMs: 1_500, answerWithinMs: 2_000 }),
        pollTransport({ intervalMs: 100, answerWithinMs: 2_000 }),
      ],
      ...HURRY,
    });
    if (transport !== "auto") opened.force(transport);
    return opened;
  }

  /** As if the power were cut: nothing more is sent or stored. Then the page is loaded again. */
  async function crash(): Promise<void> {
    change();
    crashes += 1;
    leftByCrashes += client.state().status.waiting;
    page.crash();
    unplug();
    void client.close();
    await pause(300 * random());
    client = load();
  }

  /** @returns whether there is a board to change */
  function change(): boolean {
    const { view, canUndo, canRedo, pending } = client.state();
    if (!view) return false;
    const dice = random();
    if ((dice < 0.08 && canUndo) || (dice < 0.12 && canRedo)) {
      const known = new Set(pending.map(({ key }) => key));
      if (dice < 0.08) client.undo();
      else client.redo();
      const added = client.state().pending.find(({ key }) => !known.has(key));
      if (added) given.push({ key: added.key, command: added.command, at: Date.now() });
      return true;
    }
    marks += 1;
    const command = randomChange(random, view, `${MARK}${name} ${marks}`);
    const at = Date.now();
    given.push({ key: client.run(command), command, at });
    return true;
  }

  async function work(isOver: () => boolean, ms: number): Promise<void> {
    const crashAt = Date.now() + ms * (0.3 + 0.5 * random());
    while (!isOver()) {
      if (crashes === 0 && Date.now() > crashAt && client.state().view) await crash();
      if (client.state().status.waiting < MAX_WAITING) change();
      if (random() < 0.1) client.typing();
      await pause(20 + 130 * random());
    }
  }

  return {
    name,
    userId,
    transport,
    get client() {
      return client;
    },
    given,
    device,
    get crashes() {
      return crashes;
    },
    get leftByCrashes() {
      return leftByCrashes;
    },
    work,
    close: () => client.close(),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
