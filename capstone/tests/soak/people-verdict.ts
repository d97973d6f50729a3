// What a run says about the real clients.
import type { Database } from "../../../shared/database.ts";
import type { ClientState } from "../../client/sync/board-client.ts";
import { checkPeople, type Deeds } from "./check-people.ts";
import { BOARD_ID, readAnswers, readLiveLog, readSnapshot } from "./live-board.ts";
import type { Person } from "./person.ts";

export interface PeopleVerdict {
  /** Sentences. None: everything is as it should be. */
  readonly breaches: readonly string[];
  readonly given: number;
  readonly accepted: number;
  readonly refused: number;
  readonly crashes: number;
  /** How many commands were not decided when a page crashed. */
  readonly leftByCrashes: number;
}

export interface EndedRun {
  readonly people: readonly Person[];
  /** Of each of them, in the end. */
  readonly states: readonly ClientState[];
  /** What `watchStatus` has found. */
  readonly lies: readonly string[];
  readonly database: Database;
  /** What was on the board before anybody began to work. */
  readonly firstSeq: number;
}

/** Less than this proves nothing. */
const MIN_ACCEPTED = 20;
const MIN_LEFT_BY_CRASHES = 3;

export async function judgePeople({
  people,
  states,
  lies,
  database,
  firstSeq,
}: EndedRun): Promise<PeopleVerdict> {
  const deeds = people.map((person, index) => deedsOf(person, states[index] as ClientState));
  const breaches = checkPeople({
    people: deeds,
    log: readLiveLog(database),
    firstSeq,
    answers: readAnswers(database),
    snapshot: await readSnapshot(database, BOARD_ID),
  });
  const decisions = deeds.flatMap(({ decided }) => [...decided.values()]);
  const count = (state: "accepted" | "refused") => decisions.filter((each) => each.state === state).length;
  const accepted = count("accepted");
  const sum = (numberOf: (person: Person) => number) =>
    people.reduce((total, person) => total + numberOf(person), 0);
  const leftByCrashes = sum((person) => person.leftByCrashes);
  const isTooLittle = accepted < MIN_ACCEPTED || leftByCrashes < MIN_LEFT_BY_CRASHES;
  const little = `${accepted} accepted commands, and ${leftByCrashes} that were left by crashes, prove nothing.`;
  return {
    breaches: [...breaches, ...lies, ...(isTooLittle ? [little] : [])],
    given: sum(({ given }) => given.length),
    accepted,
    refused: count("refused"),
    crashes: sum((person) => person.crashes),
    leftByCrashes,
  };
}

function deedsOf({ name, userId, transport, given, device }: Person, state: ClientState): Deeds {
  const decided = [...device.decided].map(([key, { entry, at }]) => {
    const outcome: "accepted" | "refused" = entry.state === "accepted" ? "accepted" : "refused";
    return [key, { state: outcome, seq: entry.seq, at }] as const;
  });
  const stored = new Set(device.added.keys());
  return { name, userId, transport, given, stored, decided: new Map(decided), state };
}
