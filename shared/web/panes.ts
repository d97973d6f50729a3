// The page around the two panes: it measures for how long one person's board is behind the other's.

interface Pane {
  readonly frame: HTMLIFrameElement;
  readonly delay: HTMLElement;
  readonly requests: HTMLElement;
  seq: number;
  /** How long the pane was behind, the last time it was, in milliseconds. */
  lastDelayMs: number | undefined;
}

const panes: Pane[] = [...document.querySelectorAll<HTMLElement>(".pane")].map((section) => ({
  frame: section.querySelector("iframe") as HTMLIFrameElement,
  delay: section.querySelector(".delay") as HTMLElement,
  requests: section.querySelector(".requests") as HTMLElement,
  seq: 0,
  lastDelayMs: undefined,
}));

/** When each seq was first on any screen. */
const firstShown = new Map<number, number>();
let epoch: string | undefined;
let newest = 0;

addEventListener("message", ({ data, source }) => {
  const pane = panes.find(({ frame }) => frame.contentWindow === source);
  if (!pane) return;
  if ("requests" in data)
    pane.requests.textContent = data.requests === 1 ? "1 request" : `${data.requests} requests`;
  else onSeq(pane, data.epoch, data.seq);
});

function onSeq(pane: Pane, paneEpoch: string, seq: number): void {
  const now = performance.now();
  if (paneEpoch !== epoch) {
    // Another log (the server started anew): nothing before it can be compared.
    epoch = paneEpoch;
    firstShown.clear();
    newest = seq;
    for (const each of panes) each.seq = seq;
  }
  for (let each = newest + 1; each <= seq; each += 1) firstShown.set(each, now);
  const behind = behindMs(pane, now);
  if (seq > pane.seq && behind > 0) pane.lastDelayMs = behind;
  newest = Math.max(newest, seq);
  pane.seq = Math.max(pane.seq, seq);
  show();
}

/** For how long there has been something on another screen that this pane does not show, in milliseconds. */
function behindMs(pane: Pane, now: number): number {
  const since = firstShown.get(pane.seq + 1);
  return since === undefined ? 0 : now - since;
}

function show(): void {
  const now = performance.now();
  for (const pane of panes) {
    const ms = behindMs(pane, now);
    const stale = pane.seq < newest;
    pane.delay.classList.toggle("stale", stale);
    if (stale) pane.delay.textContent = `out of date for ${seconds(ms)}`;
    else if (pane.lastDelayMs === undefined) pane.delay.textContent = "up to date";
    else pane.delay.textContent = `up to date, was ${duration(pane.lastDelayMs)} behind`;
  }
}

function duration(ms: number): string {
  return ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : seconds(ms);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}

setInterval(show, 100);
