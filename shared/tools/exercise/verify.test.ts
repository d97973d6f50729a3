import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { copyCourse } from "../../testing/course-copy.ts";
import { ROOT } from "../chapters.ts";
import { listExercises } from "./catalogue.ts";
import type { Verification } from "./verify.ts";

type Verifications = Record<string, Verification>;

/** Runs the gate in a process of its own: Vitest does not run inside Vitest. */
async function verify(root: string): Promise<Verifications> {
  const gate = spawn(process.execPath, ["shared/tools/run.js", "exercises:verify", "--json"], { cwd: root });
  let [stdout, stderr] = ["", ""];
  gate.stdout.on("data", (text) => {
    stdout += text;
  });
  gate.stderr.on("data", (text) => {
    stderr += text;
  });
  await once(gate, "close");
  if (stdout === "") throw new Error(`the gate said nothing, but: ${stderr}`);
  return JSON.parse(stdout);
}

test("there are at least 30 of them, 2 to 4 for each chapter, with at least 90 mistakes", () => {
  const exercises = listExercises();
  const perChapter = new Map<string, number>();
  for (const { id } of exercises) {
    const chapter = id.slice(0, 2);
    perChapter.set(chapter, (perChapter.get(chapter) ?? 0) + 1);
  }
  expect(exercises.length).toBeGreaterThanOrEqual(30);
  expect(perChapter.size).toBe(11);
  expect([...perChapter].filter(([, count]) => count < 2 || count > 4)).toEqual([]);
  expect(exercises.reduce((sum, { mistakes }) => sum + mistakes.length, 0)).toBeGreaterThanOrEqual(90);
});

/** What can be wrong with an exercise: how it comes about, and what the gate says. */
const DEFECTS: Record<string, { make(edit: Edit): void; said: RegExp }> = {
  "no-hints": {
    make: ({ remove }) => remove("hints.md"),
    said: /^hints\.md is missing: every exercise has one\.$/,
  },
  "two-hints": {
    make: ({ replace }) => replace("hints.md", "## Where to look", "Where to look"),
    said: /^hints\.md needs 3 parts/,
  },
  "unused-file": {
    make: ({ write }) => write("notes.ts", "export const notes = 1;\n"),
    said: /^notes\.ts is used by nothing/,
  },
  "no-section": {
    make: ({ replace }) => replace("README.md", "## Why it matters", "## Reasons"),
    said: /^README\.md: its sections are/,
  },
  "no-size": {
    make: ({ replace }) => replace("README.md", "Small, after", "After"),
    said: /^README\.md: the line below the title/,
  },
  "starter-passes": {
    make: ({ copy }) => copy("solution.ts", "exercise.ts"),
    said: /^exercise\.ts passes: there is nothing to do\.$/,
  },
  "starter-crashes": {
    make: ({ replace }) => replace("exercise.ts", "const fields", "JSON.parse(data);\n  const fields"),
    said: /^exercise\.ts: ".*" fails by a crash/,
  },
  "starter-hangs": {
    make: ({ replace }) =>
      replace(
        "exercise.test.ts",
        'neither line", ({ log }) => {',
        'neither line", async ({ log }) => {\n  if (!formatEvent({ data: "" }).endsWith("\\n\\n")) await new Promise(() => {});',
      ),
    said: /^exercise\.ts: ".*" fails by a timeout/,
  },
  "solution-fails": {
    make: ({ copy }) => copy("mistakes/no-empty-line.ts", "solution.ts"),
    said: /^solution\.ts: ".*" failed in 20 runs/,
  },
  "solution-fails-once": {
    make: ({ replace }) =>
      replace(
        "solution.ts",
        /(export function formatEvent.*\n) {2}const fields: string\[\] = \[\];/,
        'let calls = 0;\n$1  calls += 1;\n  const fields = calls === 13 ? [":"] : [];',
      ),
    said: /^solution\.ts: ".*" failed in 20 runs/,
  },
  "weak-test": {
    make: ({ replace }) =>
      replace("exercise.test.ts", /expect\(text, "the text of the event"\)\.toBe\("data: one.*\n/, ""),
    said: /^mistakes\/only-line-feeds\.ts passes: no test notices it\.$/,
  },
  "other-test": {
    make: ({ replace }) =>
      replace(
        "mistakes/no-empty-line.ts",
        "an event has its fields, each on a line, and an empty line at its end",
        "an id or a type that could end its line is refused",
      ),
    said: /^mistakes\/no-empty-line\.ts is not noticed by "an id/,
  },
  "no-such-test": {
    make: ({ replace }) => replace("mistakes/no-empty-line.ts", "Fails: an event", "Fails: any event"),
    said: /^mistakes\/no-empty-line\.ts: there is no test "any event/,
  },
  "no-such-lesson": {
    make: ({ replace }) => replace("mistakes/no-empty-line.ts", "#what-goes-over-the-wire", "#what-goes"),
    said: /^mistakes\/no-empty-line\.ts: "\/\/ Lesson: .*" is no heading/,
  },
  twins: {
    make: ({ copy }) => copy("mistakes/no-empty-line.ts", "mistakes/same.ts"),
    said: /^mistakes\/same\.ts fails just like mistakes\/no-empty-line\.ts/,
  },
  accused: {
    make: ({ write, copy }) => {
      copy("exercise.ts", "mistakes/as-given.ts");
      write(
        "mistakes/as-given.ts",
        `// Nothing was done: users see nothing.\n// Fails: a reader gets back what was sent\n// Lesson: chapters/03-sse/README.md#build-it\n// Hint: Begin.\nexport * from "../exercise.ts";\n`,
      );
    },
    said: /^exercise\.ts is taken for mistakes\/as-given\.ts\.$/,
  },
  "no-label": {
    make: ({ replace }) =>
      replace(
        "exercise.test.ts",
        'expect(text, "the text of the event").toBe("data: one',
        'expect(text).toBe("data: one',
      ),
    said: /fails without saying what it looked at/,
  },
};

/** Changes the files of one exercise. */
interface Edit {
  remove(file: string): void;
  copy(from: string, to: string): void;
  write(file: string, text: string): void;
  replace(file: string, from: string | RegExp, to: string): void;
}

function editorOf(folder: string): Edit {
  const path = (file: string) => join(folder, file);
  return {
    remove: (file) => rmSync(path(file)),
    copy: (from, to) => cpSync(path(from), path(to)),
    write: (file, text) => writeFileSync(path(file), text),
    replace(file, from, to) {
      const before = readFileSync(path(file), "utf8");
      const after = before.replace(from, to);
      if (after === before) throw new Error(`${file} has no ${from}`);
      writeFileSync(path(file), after);
    },
  };
}

describe("the gate says what is wrong with an exercise", () => {
  let verifications: Verifications = {};
  beforeAll(async () => {
    const root = copyCourse([]);
    for (const [name, { make }] of Object.entries(DEFECTS)) {
      const folder = join(root, "exercises/03-sse", `1-${name}`);
      cpSync(join(ROOT, "exercises/03-sse/1-format-event"), folder, {
        recursive: true,
        // Two of its mistakes will do.
        filter: (path) => !/answer.*\.ts$|mistakes.(data|id|trimmed|undefined)-.*\.ts$/.test(path),
      });
      make(editorOf(folder));
    }
    verifications = await verify(root);
  }, 300_000);

  test.each(Object.keys(DEFECTS))("%s", (name) => {
    const said = DEFECTS[name]?.said ?? /^$/;
    const problems = verifications[`03-${name}`]?.problems;
    expect(problems?.filter((problem) => said.test(problem))).not.toEqual([]);
  });
});
