/** Measures for how long one person's board is behind another's. Times are in milliseconds, on one clock. */
export interface LagMeter {
  /** A user has begun a change: the next new seq is probably its. */
  changeBegun(person: string, at: number): void;
  changeFailed(person: string): void;
  /** A board is on the screen as it is at this seq. */
  shown(person: string, board: { epoch: string; seq: number }, at: number): void;
  /** Whether this person's board has been on the screen at all. */
  hasShown(person: string): boolean;
  /** For how long there has been something on another screen that this person's does not show; 0 if nothing is. */
  behindMs(person: string, at: number): number;
  isBehind(person: string): boolean;
  /** How long this person's board was behind, the last time it was. */
  lastBehindMs(person: string): number | undefined;
  /** From another person's click to this one's screen, the last time. */
  lastFromClick(person: string): { from: string; ms: number } | undefined;
}

interface Click {
  readonly person: string;
  readonly at: number;
}

interface Screen {
  hasShown: boolean;
  seq: number;
  lastBehindMs: number | undefined;
  lastFromClick: { from: string; ms: number } | undefined;
}

/** A change that has brought no new seq for this long will bring none, in milliseconds. */
const CLICK_LASTS_MS = 15_000;

export function createLagMeter(people: readonly string[]): LagMeter {
  const screens = new Map<string, Screen>(
    people.map((person) => [
      person,
      { hasShown: false, seq: 0, lastBehindMs: undefined, lastFromClick: undefined },
    ]),
  );
  /** Changes under way, oldest first. */
  let clicks: Click[] = [];
  /** When each seq was first on any screen, and the click that led to it. */
  const first = new Map<number, { at: number; click: Click | undefined }>();
  let epoch: string | undefined;
  let newest = 0;

  function screenOf(person: string): Screen {
    const screen = screens.get(person);
    if (!screen) throw new Error(`nobody measures ${person}`);
    return screen;
  }

  function behindMs(person: string, at: number): number {
    const since = first.get(screenOf(person).seq + 1)?.at;
    return since === undefined ? 0 : at - since;
  }

  return {
    changeBegun(person, at) {
      clicks = [...clicks.filter((click) => at - click.at < CLICK_LASTS_MS), { person, at }];
    },
    changeFailed(person) {
      const failed = clicks.find((click) => click.person === person);
      clicks = clicks.filter((click) => click !== failed);
    },
    shown(person, board, at) {
      if (board.epoch !== epoch) {
        // Another log (the server started anew): nothing before it can be compared.
        epoch = board.epoch;
        first.clear();
        clicks = [];
        newest = board.seq;
        for (const each of screens.values()) {
          each.seq = board.seq;
          each.lastBehindMs = undefined;
          each.lastFromClick = undefined;
        }
      }
      const screen = screenOf(person);
      screen.hasShown = true;
      const behind = behindMs(person, at);
      for (let seq = newest + 1; seq <= board.seq; seq += 1) first.set(seq, { at, click: clicks.shift() });
      if (board.seq > screen.seq && behind > 0) screen.lastBehindMs = behind;
      for (let seq = screen.seq + 1; seq <= board.seq; seq += 1) {
        const click = first.get(seq)?.click;
        if (click && click.person !== person)
          screen.lastFromClick = { from: click.person, ms: at - click.at };
      }
      newest = Math.max(newest, board.seq);
      screen.seq = Math.max(screen.seq, board.seq);
      const oldestShown = Math.min(...[...screens.values()].map(({ seq }) => seq));
      for (const seq of first.keys()) if (seq <= oldestShown) first.delete(seq);
    },
    hasShown: (person) => screenOf(person).hasShown,
    behindMs,
    isBehind: (person) => screenOf(person).seq < newest,
    lastBehindMs: (person) => screenOf(person).lastBehindMs,
    lastFromClick: (person) => screenOf(person).lastFromClick,
  };
}

/** What stands above a board: whether it is up to date, and if not, since when. */
export function lagText(meter: LagMeter, person: string, at: number): string {
  if (!meter.hasShown(person)) return "not loaded";
  const last = meter.lastBehindMs(person);
  if (meter.isBehind(person)) return `out of date for ${inSeconds(meter.behindMs(person, at))}`;
  return last === undefined ? "up to date" : `up to date, was ${duration(last)} behind`;
}

export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : inSeconds(ms);
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}
