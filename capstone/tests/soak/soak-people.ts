// Real clients beside everybody else who soaks a server: on a board of their own, through a network of their own that fails as well.
import { createSessions } from "../../../chapters/06-auth/sessions.ts";
import { breakNetwork } from "../../../chapters/07-reconnection/soak/break-network.ts";
import type { SoakedServer, SoakFault } from "../../../chapters/07-reconnection/soak/soak-run.ts";
import { openDatabase } from "../../../shared/database.ts";
import { until } from "../../../shared/testing/until.ts";
import { createRandom } from "../../../shared/wire/random.ts";
import { openTap } from "../../../shared/wire/tap.ts";
import { TRANSPORTS } from "../../client/sync/board-client.ts";
import { headOf, makeLiveBoard, PEOPLE } from "./live-board.ts";
import { judgePeople, type PeopleVerdict } from "./people-verdict.ts";
import { createPerson, type Person } from "./person.ts";
import { watchStatus } from "./watch-status.ts";

export interface PeopledServer extends SoakedServer {
  /** Once everybody has caught up, or had the time for it. */
  readonly verdict: PeopleVerdict | undefined;
}

/** How long everybody may take to catch up when nothing fails any more, in milliseconds. */
const CATCH_UP_MS = 20_000;

/**
 * @param start starts the server with this database
 * @param seed of what people do, and of what happens to them
 */
export async function startPeopled(
  file: string,
  start: (file: string) => Promise<SoakedServer>,
  seed: number,
): Promise<PeopledServer> {
  const firstSeq = await makeLiveBoard(file);
  const server = await start(file);
  const database = openDatabase(file);
  const sessions = createSessions(database);
  const tap = await openTap({ target: server.port });
  tap.setSeed(seed);
  const random = createRandom(seed + 1_000_000);
  const ways = ["auto", ...TRANSPORTS, "auto"] as const;
  const people = ways.map((transport, index) => {
    const userId = PEOPLE[index % PEOPLE.length] ?? "alice";
    return createPerson({
      name: `person-${index}`,
      userId,
      transport,
      baseUrl: `http://127.0.0.1:${tap.port}`,
      cookie: `session=${sessions.create(userId).token}`,
      random: createRandom(seed * 1_000 + index),
    });
  });
  const watch = watchStatus(people, database);
  let verdict: PeopleVerdict | undefined;

  async function trouble(serverRandom: () => number, ms: number): Promise<readonly SoakFault[]> {
    const end = Date.now() + ms;
    const someone = () => (random() < 0.2 ? "everyone" : `person-${Math.floor(random() * people.length)}`);
    let isOver = false;
    const working = people.map((person) => person.work(() => isOver, ms));
    const [serverFaults] = await Promise.all([
      server.trouble(serverRandom, ms),
      breakNetwork({ tap, random, end, someone, faults: [] }),
    ]);
    isOver = true;
    await Promise.all(working);
    return serverFaults;
  }

  async function settled(users: readonly string[]): Promise<void> {
    const hasCaughtUp = ({ client }: Person) => {
      const { status, pending, view } = client.state();
      return status.state === "live" && pending.length === 0 && view?.seq === headOf(database);
    };
    // Whoever has not come so far: the verdict says it.
    await until("everybody to catch up", () => people.every(hasCaughtUp), CATCH_UP_MS).catch(() => {});
    await server.settled?.(users);
    const lies = watch.stop();
    const states = people.map(({ client }) => client.state());
    // Now everything that is known is stored, too.
    await Promise.all(people.map((person) => person.close()));
    await tap.close();
    verdict = await judgePeople({ people, states, lies, database, firstSeq });
  }

  return {
    get port() {
      return server.port;
    },
    get verdict() {
      return verdict;
    },
    trouble,
    settled,
    ...(server.left && { left: server.left }),
    async stop() {
      database.close();
      await server.stop();
    },
  };
}
