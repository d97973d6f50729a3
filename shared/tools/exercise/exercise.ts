import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { ROOT } from "../chapters.ts";
import { print, stop } from "../terminal.ts";
import { answerFile, prepareAnswer, resetAnswer } from "./answer-file.ts";
import { type Exercise, findExercise, listExercises } from "./catalogue.ts";
import { findEditor, openInEditor } from "./editor.ts";
import { createMistakeFinder, grade } from "./grade.ts";
import { allowHint, nextUnsolved, record, whereToGoOn } from "./order.ts";
import { openProgress, type ProgressFile } from "./progress.ts";
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
import { watch } from "./watch.ts";

const FLAGS = ["once", "spoil", "yes"] as const;

/** What can stand behind `npm run exercise` instead of an exercise. */
const COMMANDS = ["list", "next", "hint", "solution", "reset", "check", "open"] as const;

type Command = (typeof COMMANDS)[number];

/** What a command works with. */
interface Session {
  readonly exercises: readonly Exercise[];
  readonly file: ProgressFile;
  readonly flags: ReadonlySet<string>;
}

/**
 * `npm run exercise` goes on where the learner left off, and runs the tests at each change; `npm run exercise 03-replay` does
 * so with that exercise. The other words are commands: see the README.
 */
export async function main(args: readonly string[]): Promise<void> {
  const exercises = listExercises();
  const words = args.filter((arg) => !arg.startsWith("--"));
  const session: Session = { exercises, file: openProgress(), flags: flagsIn(args) };
  const [first, ...rest] = words;
  const isCommand = COMMANDS.some((command) => command === first);
  const [name, ...more] = isCommand ? rest : words;
  if (!isCommand && words.length > 1 && typeof findExercise(exercises, first ?? "") === "string") {
    stop(`There is no command "${first}": there are ${COMMANDS.join(", ")}.`);
  }
  if (more.length > 0) stop(`One exercise at a time: "${[name, ...more].join(" ")}" names more than one.`);
  if (first === "list" || first === "check" || first === "next") {
    if (name !== undefined) stop(`npm run exercise ${first} takes no name: leave "${name}" away.`);
  }
  if (exercises.length === 0) stop("There are no exercises here: is this the whole course?");

  const { progress } = session.file;
  // A command without a name means the exercise that was worked on last, solved or not.
  const last = isCommand ? exercises.find(({ id }) => id === progress.current) : undefined;
  const exercise =
    name === undefined ? (last ?? whereToGoOn(exercises, progress)) : findExercise(exercises, name);
  if (typeof exercise === "string") stop(exercise);
  const run = isCommand ? commands[first as Command] : work;
  process.exitCode = await run(session, exercise);
}

/** Each returns the exit code. There is no exercise when all are solved and none was named. */
const commands: Record<
  Command,
  (session: Session, exercise: Exercise | undefined) => number | Promise<number>
> = {
  list({ exercises, file }) {
    print(listText(exercises, file.progress));
    return 0;
  },

  next(session) {
    const { exercises, file } = session;
    const current = exercises.find(({ id }) => id === file.progress.current);
    return work(session, nextUnsolved(exercises, file.progress, current));
  },

  hint({ file }, exercise) {
    if (!exercise) return allSolved();
    allowHint(exercise, file);
    print(`${heading(exercise)}\n\n${hintsText(exercise, file.progress)}`);
    return 0;
  },

  solution({ file, flags }, exercise) {
    if (!exercise) return allSolved();
    if (!(exercise.id in file.progress.solved) && !flags.has("spoil")) {
      stop(
        `${exercise.id} is not solved yet: npm run exercise solution ${exercise.id} -- --spoil shows its solution all the same.`,
      );
    }
    print(readFileSync(join(ROOT, exercise.folder, "solution.ts"), "utf8"));
    return 0;
  },

  async reset({ file, flags }, exercise) {
    if (!exercise) return allSolved();
    if (!flags.has("yes") && !(await isSure(exercise))) {
      print("Nothing was changed.");
      return 0;
    }
    const copy = resetAnswer(exercise, file.progress);
    delete file.progress.solved[exercise.id];
    delete file.progress.hints[exercise.id];
    file.save();
    print(
      `${answerFile(exercise)} is the given file again.${copy ? ` What you had is kept as ${copy}.` : ""}`,
    );
    return 0;
  },

  async check({ exercises, file }) {
    const solved = exercises.filter((each) => each.id in file.progress.solved);
    if (solved.length === 0) {
      print("Nothing is solved yet: npm run exercise starts the first one.");
      return 0;
    }
    const tests = startTestProcess();
    let failed = 0;
    for (const exercise of solved) {
      const verdict = await grade(exercise, tests);
      const isFine = verdict.kind === "solved" || verdict.kind === "skipped";
      if (!isFine) failed += 1;
      print(`${isFine ? "ok  " : "FAIL"}  ${exercise.id}`);
    }
    tests.stop();
    const all = countText(exercises, file.progress);
    print(
      `\n${failed === 0 ? "All that you have solved passes." : `${failed} of them do not pass any more.`} ${all}`,
    );
    return failed === 0 ? 0 : 1;
  },

  async open({ file }, exercise) {
    if (!exercise) return allSolved();
    prepareAnswer(exercise, file.progress);
    file.progress.current = exercise.id;
    file.save();
    const editor = findEditor();
    if (typeof editor === "string") stop(editor);
    const problem = await openInEditor(editor, answerFile(exercise));
    if (problem) stop(problem);
    return 0;
  },
};

/** Watches in a terminal; elsewhere, and with `--once`, runs the tests once. */
async function work(session: Session, exercise: Exercise | undefined): Promise<number> {
  const { exercises, file, flags } = session;
  if (!exercise) return allSolved();
  if (process.stdin.isTTY && process.stdout.isTTY && !flags.has("once")) {
    await watch(exercise, exercises, file);
    return 0;
  }
  prepareAnswer(exercise, file.progress);
  file.progress.current = exercise.id;
  file.save();
  const tests = startTestProcess();
  const verdict = await grade(exercise, tests);
  record(exercise, verdict, file);
  print(`${heading(exercise)}\n\n${verdictText(exercise, verdict)}`);
  const mistake = await createMistakeFinder(tests).find(exercise, verdict);
  if (mistake) print(`\n${mistakeText(mistake)}`);
  if (verdict.kind === "solved") {
    const next = nextUnsolved(exercises, file.progress, exercise);
    print(`\n${afterSolving(exercises, file.progress, next)}`);
  }
  tests.stop();
  return verdict.kind === "solved" ? 0 : 1;
}

async function isSure(exercise: Exercise): Promise<boolean> {
  if (!process.stdin.isTTY) {
    stop(`Nobody can be asked here: npm run exercise reset ${exercise.id} -- --yes resets it all the same.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `Put the given file in the place of ${answerFile(exercise)}? [y/N] `,
  );
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function allSolved(): number {
  print("All exercises are solved. npm run exercise list shows them; name one to open it again.");
  return 0;
}

/** npm keeps flags that come before `--` for itself, and hands them on as variables. */
function flagsIn(args: readonly string[]): Set<string> {
  const unknown = args.find((arg) => arg.startsWith("--") && !FLAGS.some((flag) => arg === `--${flag}`));
  if (unknown) stop(`There is no option ${unknown}: there are --once, --spoil and --yes.`);
  return new Set(
    FLAGS.filter((flag) => args.includes(`--${flag}`) || process.env[`npm_config_${flag}`] === "true"),
  );
}
