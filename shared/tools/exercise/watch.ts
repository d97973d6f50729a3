import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emitKeypressEvents } from "node:readline";
import { ROOT } from "../chapters.ts";
import { print, styled } from "../terminal.ts";
import { answerFile, prepareAnswer, readAnswer } from "./answer-file.ts";
import type { Exercise } from "./catalogue.ts";
import { findEditor, openInEditor } from "./editor.ts";
import { createMistakeFinder, grade, type Verdict } from "./grade.ts";
import { allowHint, nextUnsolved, record } from "./order.ts";
import type { ProgressFile } from "./progress.ts";
import {
  afterSolving,
  countText,
  heading,
  hintsText,
  listText,
  mistakeText,
  verdictText,
} from "./screens.ts";
import { startTestProcess } from "./test-process.ts";

/**
 * How often the answer is looked at, in milliseconds. It is read, not watched: that is cheap for one small file, and it
 * works on network drives and in containers, where the system tells nobody about changes.
 */
const LOOK_MS = 300;

const KEYS = "n next · h hint · l list · s solution · o open in editor · r run again · q quit";

/** Clears the screen, and goes to the top. What has scrolled away stays: not all of it is ours. */
const CLEAR = "\x1b[2J\x1b[H";

/** More steps of a test than this are shown when they are asked for. */
const MAX_STEPS = 12;

/** What the screen is made of, below the heading. */
interface View {
  verdict?: Verdict;
  /** The mistake that was recognised. */
  mistake?: string;
  hints?: string;
  /** Every step of the test, and not only the last ones. */
  allSteps?: boolean;
  /** One sentence about the last key. */
  note?: string;
  /** Shown instead of all others, until the next key. */
  page?: string;
}

/**
 * Shows an exercise in the terminal, runs its tests whenever the answer changes, and obeys single keys, until the learner
 * quits.
 */
export async function watch(
  first: Exercise,
  exercises: readonly Exercise[],
  file: ProgressFile,
): Promise<void> {
  const { progress } = file;
  const tests = startTestProcess();
  const finder = createMistakeFinder(tests);
  let exercise = first;
  let view: View = {};
  /** What was tested last. */
  let tested: string | undefined;
  let isRunning = false;
  /** The mistakes of the exercise are being run, while the learner reads. */
  let learning = Promise.resolve();
  let isInEditor = false;

  function show(changes: View = {}): void {
    Object.assign(view, changes);
    if (isInEditor) return;
    const { verdict, mistake, hints, allSteps, note, page } = view;
    const options = allSteps ? {} : { maxSteps: MAX_STEPS };
    const body = verdict ? verdictText(exercise, verdict, options) : "Running the tests…";
    const parts = page ? [page] : [heading(exercise), body, mistake, hints, note];
    process.stdout.write(CLEAR);
    print(parts.filter((part) => part !== undefined).join("\n\n"));
    const state = isRunning
      ? "Running… (what does not end is stopped after 20 s)"
      : "Saved changes are tested by themselves; if one is not, press r.";
    print(`\n${styled("dim", `${state}\n${KEYS}`)}`);
  }

  function go(to: Exercise): void {
    exercise = to;
    view = {};
    tested = undefined;
    progress.current = to.id;
    prepareAnswer(to, progress);
    file.save();
    show();
  }

  /** One at a time; a change that comes meanwhile is seen afterwards. */
  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    show();
    await learning;
    await runTests(exercise);
    isRunning = false;
    show();
    // Then the first mistake is named as soon as it is made.
    if (view.verdict?.kind === "failed") learning = finder.learn(exercise);
  }

  async function runTests(now: Exercise): Promise<void> {
    tested = readAnswer(now);
    if (tested === undefined) {
      const message = `${answerFile(now)} is gone: press r to begin again with the given file.`;
      view = { verdict: { kind: "broken", message } };
      return;
    }
    const verdict = await grade(now, tests);
    record(now, verdict, file);
    // The learner may have gone on to another one.
    if (now !== exercise) return;
    view = { verdict };
    if (verdict.kind === "solved") {
      const next = nextUnsolved(exercises, progress, now);
      view.note = afterSolving(exercises, progress, next) + (next ? " (press n)." : "");
    }
    show();
    const mistake = await finder.find(now, verdict);
    if (now === exercise && mistake) show({ mistake: mistakeText(mistake) });
  }

  async function open(): Promise<void> {
    const editor = findEditor();
    if (typeof editor === "string") return show({ note: editor });
    isInEditor = editor.isInTerminal;
    if (isInEditor) process.stdin.setRawMode(false).pause();
    const problem = await openInEditor(editor, answerFile(exercise));
    if (isInEditor) process.stdin.setRawMode(true).resume();
    isInEditor = false;
    show(problem ? { note: problem } : {});
  }

  const actions: Record<string, () => unknown> = {
    n() {
      const next = nextUnsolved(exercises, progress, exercise);
      if (next) go(next);
      else show({ note: countText(exercises, progress) });
    },
    h() {
      allowHint(exercise, file);
      show({ hints: hintsText(exercise, progress) });
    },
    l: () => show({ page: listText(exercises, progress) }),
    s() {
      const { id, folder } = exercise;
      if (id in progress.solved)
        return show({ page: readFileSync(join(ROOT, folder, "solution.ts"), "utf8") });
      const spoil = `npm run exercise solution ${id} -- --spoil`;
      show({ note: `The solution is for afterwards. To see it all the same: ${spoil}` });
    },
    a: () => show({ allSteps: true }),
    o: open,
    r() {
      prepareAnswer(exercise, progress);
      file.save();
      return run();
    },
  };

  go(exercise);
  void run();
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  await new Promise<void>((quit) => {
    const timer = setInterval(() => {
      if (!isRunning && readAnswer(exercise) !== tested) void run();
    }, LOOK_MS);
    process.stdin.on("keypress", (_text, key: { name?: string; ctrl?: boolean }) => {
      if (key.name === "q" || (key.ctrl && key.name === "c")) {
        clearInterval(timer);
        return quit();
      }
      const wasPage = view.page !== undefined;
      delete view.page;
      delete view.note;
      const action = actions[key.name ?? ""];
      if (action) action();
      else if (wasPage) show();
    });
  });
  tests.stop();
  process.stdin.setRawMode(false).pause();
  print(`\n${countText(exercises, progress)} Go on with npm run exercise.`);
}
