import type { RefObject } from "preact";
import type { Totals } from "../../wire/message.ts";
import { type LagMeter, lagText } from "../lag.ts";
import type { PaneHost } from "./pane-host.ts";
import { bytesText, capitalized } from "./timeline.ts";

export interface PersonPaneProps {
  readonly person: string;
  readonly host: PaneHost;
  readonly totals: Totals | undefined;
  readonly meter: LagMeter;
  readonly frame: RefObject<HTMLIFrameElement>;
  /** For a person who needs a window of their own. */
  readonly onOpenWindow: () => void;
}

/** One person's board, with what is known of it above. */
export function PersonPane({ person, host, totals, meter, frame, onOpenWindow }: PersonPaneProps) {
  const name = capitalized(person);
  return (
    <section class="pane" aria-label={name}>
      <h2>
        {name}{" "}
        <span class="requests" title="Requests in the last minute, bytes both ways, open connections">
          {totals ? totalsText(totals) : ""}
        </span>{" "}
        <span class={meter.isBehind(person) ? "delay stale" : "delay"}>
          {lagText(meter, person, performance.now())}
        </span>
      </h2>
      {host.isInFrame ? (
        <iframe ref={frame} src={host.url} title={`The board as ${name} sees it`} />
      ) : (
        <div class="own-window">
          <p>
            This browser does not know the name <code>{person}.course.localhost</code>, and two people need
            two hosts, because cookies belong to a host. Give {name} a window on 127.0.0.1 instead.
          </p>
          <button type="button" onClick={onOpenWindow}>
            Open {name} in a new window
          </button>
        </div>
      )}
    </section>
  );
}

function totalsText({ requestsLastMinute, bytesUp, bytesDown, openConnections }: Totals): string {
  const requests = requestsLastMinute === 1 ? "1 request/min" : `${requestsLastMinute} requests/min`;
  return `${requests} · ${bytesText(bytesUp + bytesDown)} · ${openConnections} open`;
}
