import { render } from "preact";
import type { LagMeter } from "../lag.ts";
import { parsePrediction } from "./prediction.ts";
import { PredictionBox } from "./prediction-box.tsx";
import { stageApi } from "./stage-api.ts";
import type { StageState } from "./stage-state.ts";

interface Mermaid {
  initialize(options: object): void;
  run(options: { querySelector: string; suppressErrors: boolean }): Promise<void>;
}

/** Brings the text of the lesson to life: its contents, its diagrams, its questions and its fault scripts. */
export function startLesson(state: StageState, meter: LagMeter): void {
  const contents = document.querySelector<HTMLSelectElement>("#sections");
  contents?.addEventListener("change", () => {
    // The focus stays here: on some systems every key in a list is a choice.
    document.getElementById(contents.value)?.scrollIntoView({ block: "start" });
  });
  followReader(contents);

  const { mermaid } = globalThis as { mermaid?: Mermaid };
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  mermaid?.initialize({ startOnLoad: false, securityLevel: "strict", theme: isDark ? "dark" : "neutral" });
  // If a diagram cannot be drawn, its text stays, and says the same.
  mermaid?.run({ querySelector: "pre.mermaid", suppressErrors: true });

  for (const place of document.querySelectorAll<HTMLElement>(".prediction")) {
    const prediction = parsePrediction(place.dataset.prediction ?? "");
    if (typeof prediction === "string") continue;
    render(<PredictionBox prediction={prediction} state={state} meter={meter} />, place);
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>(".run-script")) {
    button.addEventListener("click", () => {
      stageApi.runScript(JSON.parse(button.dataset.script ?? "")).catch((error: Error) => {
        button.textContent = error.message;
      });
    });
  }
}

/** The list of contents names the section that is being read. */
function followReader(contents: HTMLSelectElement | null): void {
  const article = document.querySelector("article");
  if (!article || !contents) return;
  const headings = [...article.querySelectorAll("h2")];
  article.addEventListener(
    "scroll",
    () => {
      const top = article.getBoundingClientRect().top + 80;
      const current = headings.findLast((heading) => heading.getBoundingClientRect().top < top);
      contents.value = (current ?? headings[0])?.id ?? "";
    },
    { passive: true },
  );
}
