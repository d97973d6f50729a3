// The page around the two panes: it says for how long one person's board is behind the other's.
import { createLagMeter, lagText } from "./lag.ts";
import { hearReports } from "./pane-report.ts";

interface Pane {
  readonly person: string;
  readonly frame: HTMLIFrameElement;
  readonly delay: HTMLElement;
  readonly requests: HTMLElement;
}

const panes: Pane[] = [...document.querySelectorAll<HTMLElement>(".pane")].map((section) => ({
  person: section.getAttribute("aria-label") ?? "",
  frame: section.querySelector("iframe") as HTMLIFrameElement,
  delay: section.querySelector(".delay") as HTMLElement,
  requests: section.querySelector(".requests") as HTMLElement,
}));
const meter = createLagMeter(panes.map(({ person }) => person));

function paneOf(source: MessageEventSource | null): Pane | undefined {
  return panes.find(({ frame }) => frame.contentWindow === source);
}

hearReports(
  (source) => paneOf(source) !== undefined,
  (source, report) => {
    const pane = paneOf(source);
    if (!pane) return;
    if ("requests" in report)
      pane.requests.textContent = report.requests === 1 ? "1 request" : `${report.requests} requests`;
    else if ("shows" in report) meter.shown(pane.person, report.shows, performance.now());
    show();
  },
);

function show(): void {
  for (const { person, delay } of panes) {
    delay.classList.toggle("stale", meter.isBehind(person));
    delay.textContent = lagText(meter, person, performance.now());
  }
}

setInterval(show, 100);
