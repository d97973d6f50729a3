import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Status } from "../sync/board-client.ts";
import { agoText } from "../widgets/dates.ts";
import { Panel } from "../widgets/panel.tsx";
import { useBoard } from "./context.ts";

const TRANSPORTS = {
  socket: "WebSocket",
  stream: "Server-Sent Events",
  "long-poll": "Long polling",
  poll: "Short polling",
} as const;

const CHOICES = [
  ["auto", "Automatic"],
  ["socket", TRANSPORTS.socket],
  ["stream", TRANSPORTS.stream],
  ["long-poll", TRANSPORTS["long-poll"]],
  ["poll", TRANSPORTS.poll],
] as const;

/** What is said of the connection: always the truth. */
export function statusText({
  state,
  waiting,
  isConnecting,
  isHeldUp,
}: Pick<Status, "state" | "waiting" | "isConnecting" | "isHeldUp">): string {
  const changes = waiting === 1 ? "1 change" : `${waiting} changes`;
  switch (state) {
    case "loading":
      return "Loading…";
    case "live":
      return isHeldUp ? `Live — ${changes} not saved yet` : "Live";
    case "catching-up":
      return isConnecting ? "Connecting…" : "Catching up…";
    case "offline":
      return waiting === 0 ? "Offline" : `Offline — ${changes} waiting`;
    case "signed-out":
      return waiting === 0 ? "Signed out" : `Signed out — ${changes} waiting`;
    case "removed":
      return "Removed from this board";
    case "gone":
      return "This board is gone";
  }
}

/** @param isDurable whether what is not sent survives the page */
export function explain(
  { state, transport, forced, isConnecting, isHeldUp, reason }: Status,
  isDurable: boolean,
): string {
  const kept = isDurable
    ? "is kept on this device"
    : "is kept as long as you leave this page open (this browser keeps nothing)";
  if (state === "offline") {
    return `${reason} What you change ${kept}, and is sent when there is a connection.`;
  }
  if (isHeldUp)
    return `The server does not confirm changes at the moment. What you change ${kept}, and is sent again until it does.`;
  if (reason) return reason;
  switch (state) {
    case "live":
      return transport === "poll"
        ? `This page asks for changes every few seconds${forced ? ", as you have chosen" : ", because nothing faster gets through"}.`
        : "Changes by others appear here as they happen.";
    case "signed-out":
      return "Sign in again, and what you have changed is sent.";
    case "catching-up":
      if (isConnecting) return "This page is connecting to the server.";
      return "This page is fetching what has happened in the meantime.";
    default:
      return "The board is being fetched.";
  }
}

export function StatusButton() {
  const { model } = useBoard();
  const { status } = model.state.value;
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const [isOpen, setOpen] = useState(false);
  const text = statusText(status);

  return (
    <div class="status" data-status={status.isHeldUp ? "held-up" : status.state}>
      <button
        ref={button}
        type="button"
        class="status-button"
        aria-expanded={isOpen}
        aria-describedby="status-text"
        aria-label="Connection"
        popovertarget={panelId}
      >
        <span class="status-dot" aria-hidden="true" />
        <span aria-hidden="true">{text}</span>
      </button>
      <span class="visually-hidden" role="status" id="status-text">
        {text}
      </span>
      <Panel id={panelId} label="Connection" button={button} onToggle={setOpen}>
        {isOpen && <StatusPanel status={status} />}
      </Panel>
    </div>
  );
}

function StatusPanel({ status }: { readonly status: Status }) {
  const { model } = useBoard();
  const { transport, forced } = status;
  const first = useRef(forced && transport ? transport : "auto").current;
  return (
    <>
      <h2>{statusText(status)}</h2>
      <p>{explain(status, model.isDurable)}</p>
      {status.state === "offline" && <NextTry at={status.nextTryAt} />}
      <dl class="facts">
        <dt>Transport</dt>
        <dd>{transport ? TRANSPORTS[transport] : "None at the moment"}</dd>
        <dt>Last event</dt>
        <dd>{lastEvent(model.view.value?.seq, model.changedAt.value)}</dd>
        <dt>Not confirmed yet</dt>
        <dd>{status.waiting}</dd>
      </dl>
      <fieldset class="choices">
        <legend>How changes get here</legend>
        {CHOICES.map(([value, name]) => (
          <label key={value}>
            <input
              type="radio"
              name="transport"
              value={value}
              // From then on the browser knows what was clicked: changing over takes a moment.
              defaultChecked={first === value}
              onChange={() => model.client.force(value)}
            />
            {name}
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** @param at when the next attempt is. Undefined: one is being made. */
function NextTry({ at }: { readonly at: number | undefined }) {
  const { model } = useBoard();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = at === undefined ? 0 : Math.ceil((at - now) / 1_000);
  return (
    <div class="row next-try">
      <button type="button" class="button" onClick={() => model.client.tryNow()}>
        Try now
      </button>
      <span class="hint">
        {seconds > 0 ? `Next attempt in ${seconds === 1 ? "1 second" : `${seconds} seconds`}` : "Trying…"}
      </span>
    </div>
  );
}

function lastEvent(seq: number | undefined, at: number | undefined): string {
  if (seq === undefined) return "None yet";
  return at === undefined ? `No. ${seq}, before this page was opened` : `No. ${seq}, ${agoText(at)}`;
}
