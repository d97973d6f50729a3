import { render } from "preact";
import { createLagMeter } from "../lag.ts";
import { startLesson } from "./lesson.tsx";
import { moveToStageHost } from "./pane-host.ts";
import { followStage } from "./stage-api.ts";
import { createStageState } from "./stage-state.ts";
import { StageView } from "./stage-view.tsx";

const PEOPLE = ["alice", "bob"];

/** Fills the stage. The page says which chapter it shows and where the tap is. */
export async function startStage(): Promise<void> {
  if (await moveToStageHost()) return;
  const root = document.getElementById("stage");
  if (!root) return;
  const { chapter = "", title = "", tapPort = "" } = root.dataset;
  const state = createStageState();
  const meter = createLagMeter(PEOPLE);
  startLesson(state, meter);
  followStage(state, chapter);
  root.replaceChildren(); // the text for readers without scripts
  render(
    <StageView title={title} tapPort={Number(tapPort)} people={PEOPLE} state={state} meter={meter} />,
    root,
  );
}
