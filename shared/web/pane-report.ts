/** What a person's board tells the page that shows it beside another one. */
export type PaneReport =
  /** The board is on the screen as it is at this seq. */
  | { readonly shows: { readonly epoch: string; readonly seq: number } }
  /** The user has clicked, and a change is on its way to the server. */
  | { readonly change: "begun" | "failed" }
  /** How many requests the board has made since it was opened. */
  | { readonly requests: number };

const READY = "board: ready";
const REPORT = "board: report to me";

/**
 * The board's side. Who shows a board may be on another host, which the board does not know: it says that it is ready,
 * which is no secret, and reports to the one that answers. Only pages that the board's policy lets frame it can.
 *
 * @returns sends a report, once there is somebody to send it to
 */
export function reportToFrame(): (report: PaneReport) => void {
  const frame: Window | null = parent !== window ? parent : opener;
  if (!frame) return () => {};
  let origin: string | undefined;
  let early: PaneReport[] = [];
  addEventListener("message", ({ data, source, origin: from }) => {
    if (source !== frame || data !== REPORT) return;
    origin = from;
    for (const report of early) frame.postMessage(report, origin);
    early = [];
  });
  frame.postMessage(READY, "*");
  return (report) => {
    if (origin === undefined) early.push(report);
    else frame.postMessage(report, origin);
  };
}

/**
 * The side of the page that shows boards.
 * @param isBoard whether a message comes from one of its boards
 */
export function hearReports(
  isBoard: (source: MessageEventSource | null) => boolean,
  onReport: (source: MessageEventSource, report: PaneReport) => void,
): void {
  addEventListener("message", ({ data, source, origin }) => {
    if (!source || !isBoard(source)) return;
    if (data === READY) source.postMessage(REPORT, { targetOrigin: origin });
    else onReport(source, data);
  });
}
