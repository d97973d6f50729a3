// One run of the soak against the whole board: those who write and follow in chapter 07's soak, and beside them the real clients.
import { join } from "node:path";
import {
  DEMANDS,
  runSoak,
  type SoakedServer,
  startServer,
} from "../../../chapters/07-reconnection/soak/soak-run.ts";
import { startSoakCluster } from "../../../chapters/10-scaling/soak/soak-cluster.ts";
import type { Snapshot } from "../../../shared/events.ts";
import { checkHistory, describeVerdict, type History } from "../../../shared/testing/history.ts";
import { readSnapshot } from "./live-board.ts";
import type { PeopleVerdict } from "./people-verdict.ts";
import { type PeopledServer, startPeopled } from "./soak-people.ts";

export interface CapstoneSoakOptions {
  readonly seed: number;
  /** For how long it is written, in milliseconds. */
  readonly ms: number;
  /** 0: one server, which is killed twice. More: nodes behind nginx, with Redis; they are killed, frozen and replaced. @default 0 */
  readonly nodes?: number;
}

export interface CapstoneSoak {
  readonly history: History;
  readonly people: PeopleVerdict;
  /** "valid", or what is wrong. */
  readonly verdict: string;
}

const SERVER = join(import.meta.dirname, "soak-server.ts");

/** @throws {SettingError} when there are to be nodes, and Redis is missing */
export async function soakCapstone({ seed, ms, nodes = 0 }: CapstoneSoakOptions): Promise<CapstoneSoak> {
  let server: PeopledServer | undefined;
  const startAny = (file: string): Promise<SoakedServer> =>
    nodes > 0
      ? startSoakCluster(file, seed, { nodeCount: nodes, nodeFile: SERVER })
      : startServer(file, SERVER);
  const history = await runSoak({
    seed,
    ms,
    async start(file) {
      server = await startPeopled(file, startAny, seed);
      return server;
    },
    readSnapshot: async (database) => (await readSnapshot(database, "board-1")) as Snapshot,
  });
  const people = server?.verdict;
  if (!people) throw new Error("The run has ended before the clients were judged.");
  const ofHistory = describeVerdict(checkHistory(history, DEMANDS));
  const verdict =
    people.breaches.length === 0
      ? ofHistory
      : `invalid: ${people.breaches.join("\n")} (followers: ${ofHistory})`;
  return { history, people, verdict };
}
