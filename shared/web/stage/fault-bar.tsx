import { useSignal } from "@preact/signals";
import { describeRule } from "../../wire/fault-text.ts";
import type { ActiveRule, Fault, Target } from "../../wire/faults.ts";
import { stageApi } from "./stage-api.ts";
import type { StageState } from "./stage-state.ts";
import { capitalized } from "./timeline.ts";

interface FaultButton {
  readonly label: string;
  /** What it does, for those who point at it. */
  readonly hint: string;
  readonly fault: Fault;
  /** It is on until it is pressed again. */
  readonly isLasting: boolean;
}

const BUTTONS: readonly FaultButton[] = [
  {
    label: "Slow",
    hint: "Everything takes 400 ms longer, and up to 400 ms more, each way",
    fault: { kind: "latency", ms: 400, jitterMs: 400 },
    isLasting: true,
  },
  {
    label: "Freeze",
    hint: "Nothing comes through, and nobody is told: the cable is pulled",
    fault: { kind: "freeze" },
    isLasting: true,
  },
  {
    label: "Cut",
    hint: "The connections that are open are reset (RST)",
    fault: { kind: "cut" },
    isLasting: false,
  },
  {
    label: "Drop next",
    hint: "The next whole message is swallowed",
    fault: { kind: "drop" },
    isLasting: true,
  },
  {
    label: "Slow reader",
    hint: "Takes 200 bytes a second, and lets the sender wait",
    fault: { kind: "slow-reader", bytesPerSecond: 200 },
    isLasting: true,
  },
];

const MORE_BUTTONS: readonly FaultButton[] = [
  {
    label: "Close",
    hint: "The connections that are open are closed in good order (FIN)",
    fault: { kind: "close" },
    isLasting: false,
  },
  {
    label: "Refuse",
    hint: "New connections are reset at once",
    fault: { kind: "refuse" },
    isLasting: true,
  },
  {
    label: "Narrow",
    hint: "1,000 bytes a second each way",
    fault: { kind: "bandwidth", bytesPerSecond: 1_000 },
    isLasting: true,
  },
  {
    label: "Slices",
    hint: "Every write arrives byte by byte",
    fault: { kind: "slice", bytes: 1 },
    isLasting: true,
  },
];

/** Breaks the network: for whom, and how. */
export function FaultBar({ state, onProblem }: { state: StageState; onProblem: (text: string) => void }) {
  const target = useSignal<Target>("bob");
  const openConnections = [...state.connections.value.values()].filter(
    ({ closedAt }) => closedAt === undefined,
  );
  // The one that was chosen may be gone.
  const isGone = typeof target.value === "number" && !openConnections.some(({ id }) => id === target.value);
  const chosen: Target = isGone ? "bob" : target.value;

  function press({ fault, isLasting }: FaultButton): void {
    const active = isLasting ? ruleFor(state.rules.value, chosen, fault) : undefined;
    const done = active ? stageApi.liftFault(active.id) : stageApi.applyFault({ target: chosen, fault });
    done.catch((error: Error) => onProblem(error.message));
  }

  const button = (each: FaultButton) => {
    const isOn = ruleFor(state.rules.value, chosen, each.fault) !== undefined;
    return (
      <button
        key={each.label}
        type="button"
        title={each.hint}
        {...(each.isLasting && { "aria-pressed": isOn })}
        onClick={() => press(each)}
      >
        {each.label}
      </button>
    );
  };

  return (
    <section class="fault-bar" aria-label="Break the network">
      <label>
        Break{" "}
        <select
          aria-label="Whose network to break"
          value={String(chosen)}
          onChange={({ currentTarget: { value } }) => {
            target.value = /^\d+$/.test(value) ? Number(value) : value;
          }}
        >
          <option value="alice">Alice</option>
          <option value="bob">Bob</option>
          <option value="everyone">everyone</option>
          {openConnections.map(({ id, person }) => (
            <option key={id} value={String(id)}>
              connection {id} ({capitalized(person)})
            </option>
          ))}
        </select>
      </label>
      {BUTTONS.map(button)}
      <details>
        <summary>More</summary>
        <div class="more">{MORE_BUTTONS.map(button)}</div>
      </details>
      <button
        type="button"
        class="restart"
        title="The chapter's server is stopped and started again"
        onClick={() =>
          stageApi
            .applyFault({ target: "everyone", fault: { kind: "restart" } })
            .catch((error: Error) => onProblem(error.message))
        }
      >
        Restart server
      </button>
      <ul class="rules" aria-label="What is broken now">
        {state.rules.value.map((rule) => (
          <li key={rule.id}>
            {describeRule(rule)}{" "}
            <button
              type="button"
              aria-label={`Lift: ${describeRule(rule)}`}
              onClick={() => stageApi.liftFault(rule.id).catch((error: Error) => onProblem(error.message))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ruleFor(rules: readonly ActiveRule[], target: Target, { kind }: Fault): ActiveRule | undefined {
  const isMeant = ({ target: other }: ActiveRule) => other === target || other === "everyone";
  return rules.find((rule) => isMeant(rule) && rule.fault.kind === kind);
}
