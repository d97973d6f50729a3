import { useSignal } from "@preact/signals";
import { createRef, type RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { LagMeter } from "../lag.ts";
import { hearReports } from "../pane-report.ts";
import { FaultBar } from "./fault-bar.tsx";
import { paneHost } from "./pane-host.ts";
import { PartsBar } from "./parts-bar.tsx";
import { PersonPane } from "./person-pane.tsx";
import type { StageState } from "./stage-state.ts";
import { WirePanel } from "./wire-panel.tsx";

/** How often "out of date for … s" counts on, in milliseconds. */
const TICK_MS = 100;

export interface StageViewProps {
  readonly title: string;
  readonly tapPort: number;
  readonly people: readonly string[];
  readonly state: StageState;
  readonly meter: LagMeter;
}

/** Everything on the stage but the lesson. */
export function StageView({ title, tapPort, people, state, meter }: StageViewProps) {
  const problem = useSignal<string | undefined>(undefined);
  const hasLesson = useSignal(true);
  const ticks = useSignal(0);
  const frames = useMemo(
    () => new Map(people.map((person) => [person, createRef<HTMLIFrameElement>()])),
    [people],
  );
  const windows = useMemo(() => new Map<string, Window>(), []);

  useEffect(() => {
    const personOf = (source: MessageEventSource | null) =>
      people.find(
        (person) => frames.get(person)?.current?.contentWindow === source || windows.get(person) === source,
      );
    hearReports(
      (source) => personOf(source) !== undefined,
      (source, report) => {
        const person = personOf(source);
        if (!person || "requests" in report) return; // the tap counts them better
        const at = performance.now();
        if ("shows" in report) meter.shown(person, report.shows, at);
        else if (report.change === "begun") meter.changeBegun(person, at);
        else meter.changeFailed(person);
      },
    );
    const timer = setInterval(() => {
      ticks.value += 1;
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [people, meter, frames, windows, ticks]);

  // A page that could not be loaded, because there was no server, does not try again by itself.
  const isServerUp = state.isServerUp.value;
  const wasDown = useRef(false);
  useEffect(() => {
    if (!isServerUp) {
      wasDown.current = true;
      return;
    }
    for (const person of people) {
      const frame = frames.get(person)?.current;
      if (frame && wasDown.current && !meter.hasShown(person)) frame.src = paneHost(person, tapPort).url;
    }
  }, [isServerUp, people, frames, meter, tapPort]);

  useEffect(() => {
    document.body.classList.toggle("without-lesson", !hasLesson.value);
  }, [hasLesson.value]);

  // Read here, so that what depends on the time is drawn anew.
  void ticks.value;
  const say = (text: string) => {
    problem.value = text;
  };
  return (
    <>
      <header class="stage-header">
        <h1>{title}</h1>
        <StageStatus state={state} />
        <button
          type="button"
          aria-pressed={hasLesson.value}
          onClick={() => {
            hasLesson.value = !hasLesson.value;
          }}
        >
          Lesson
        </button>
      </header>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}{" "}
          <button type="button" onClick={() => (problem.value = undefined)}>
            OK
          </button>
        </p>
      )}
      <div class="panes">
        {people.map((person) => (
          <PersonPane
            key={person}
            person={person}
            host={paneHost(person, tapPort)}
            totals={state.totals.value[person]}
            meter={meter}
            frame={frames.get(person) as RefObject<HTMLIFrameElement>}
            onOpenWindow={() => {
              const opened = open(paneHost(person, tapPort).url, person, "width=640,height=700");
              if (opened) windows.set(person, opened);
              else say("The browser did not allow a new window.");
            }}
          />
        ))}
      </div>
      <div class="bars">
        <FaultBar state={state} onProblem={say} />
        <PartsBar parts={state.parts.value} onProblem={say} />
      </div>
      <WirePanel state={state} meter={meter} people={people} onProblem={say} />
    </>
  );
}

function StageStatus({ state }: { state: StageState }) {
  if (!state.isLive.value)
    return <p class="status waiting">the stage has stopped: start npm run chapter again</p>;
  if (!state.isServerUp.value)
    return <p class="status waiting">the chapter’s server is not running: restart it, or mend its code</p>;
  return <p class="status live">running</p>;
}
