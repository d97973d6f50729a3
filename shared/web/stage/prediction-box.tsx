import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LagMeter } from "../lag.ts";
import { type Prediction, unitOf } from "./prediction.ts";
import type { StageState } from "./stage-state.ts";
import { capitalized } from "./timeline.ts";

export interface PredictionBoxProps {
  readonly prediction: Prediction;
  readonly state: StageState;
  readonly meter: LagMeter;
}

/** Predict first: the reader writes down a guess, and only then the stage measures. */
export function PredictionBox({ prediction, state, meter }: PredictionBoxProps) {
  const guess = useSignal("");
  const result = useSignal("");
  const stop = useSignal<(() => void) | undefined>(undefined);
  const unit = unitOf(prediction);

  useEffect(() => () => stop.value?.(), [stop]);

  function run(event: Event): void {
    event.preventDefault();
    stop.value?.();
    const finish = (text: string) => {
      stop.value?.();
      stop.value = undefined;
      result.value = text;
    };
    const show = (measured: number) =>
      finish(`You guessed ${guess.value} ${unit}; measured: ${Math.round(measured)} ${unit}.`);
    const tell = (text: string) => {
      result.value = text;
    };
    stop.value =
      prediction.total === "delay"
        ? measureDelay(prediction, meter, tell, show)
        : measureTotal(prediction, state, tell, show, finish);
  }

  return (
    <form class="prediction-box" onSubmit={run}>
      <label>
        Your guess{" "}
        <input
          type="number"
          min="0"
          required
          value={guess.value}
          onInput={({ currentTarget }) => {
            guess.value = currentTarget.value;
          }}
        />{" "}
        {unit}
      </label>
      <button type="submit">
        {prediction.total === "delay" ? "Measure the next change" : `Measure for ${prediction.seconds} s`}
      </button>
      <output>{result.value}</output>
    </form>
  );
}

/** @returns stops measuring */
function measureTotal(
  { total, person, seconds }: Extract<Prediction, { seconds: number }>,
  state: StageState,
  tell: (text: string) => void,
  show: (measured: number) => void,
  giveUp: (text: string) => void,
): () => void {
  const read = () => {
    const totals = state.totals.value[person];
    if (!totals) return 0;
    return total === "requests" ? totals.requests : totals.bytesUp + totals.bytesDown;
  };
  const start = read();
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const passed = (performance.now() - startedAt) / 1_000;
    const measured = read() - start;
    if (measured < 0) giveUp("The recording was cleared meanwhile: measure again.");
    else if (!state.isLive.value) giveUp("The stage has stopped meanwhile: measure again.");
    else if (passed >= seconds) show(measured);
    else tell(`${Math.ceil(seconds - passed)} s to go, ${measured} ${total} so far`);
  }, 200);
  return () => clearInterval(timer);
}

function measureDelay(
  { person }: Prediction,
  meter: LagMeter,
  tell: (text: string) => void,
  show: (measured: number) => void,
): () => void {
  const before = meter.lastFromClick(person);
  const other = person === "bob" ? "alice" : "bob";
  tell(`Now change something as ${capitalized(other)}.`);
  const timer = setInterval(() => {
    const last = meter.lastFromClick(person);
    if (last && last !== before) show(last.ms);
  }, 100);
  return () => clearInterval(timer);
}
