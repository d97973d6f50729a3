import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { copyCourse } from "../../testing/course-copy.ts";
import { until } from "../../testing/until.ts";
import { startTestProcess } from "./test-process.ts";

/** A command starts two processes, and on a busy machine that takes seconds. */
vi.setConfig({ testTimeout: 60_000 });

const FOLDER = "exercises/03-sse/1-format-event";
const ENV = { ...process.env, EDITOR: "", VISUAL: "", NO_COLOR: "1", FORCE_COLOR: "" };

let root = "";
beforeAll(() => {
  root = copyCourse(["03-sse/1-format-event", "02-long-polling/2-lost-wake-up"]);
});

const path = (file: string) => join(root, FOLDER, file);

/** Puts the text of a file of the exercise in the place of the answer. */
function answerWith(file: string): void {
  const text = readFileSync(path(file), "utf8");
  writeFileSync(path("answer.ts"), text.replace('"../exercise.ts"', '"./exercise.ts"'));
}

/** Runs `npm run exercise …` without a terminal. */
async function exercise(...args: string[]) {
  const command = spawn(process.execPath, ["shared/tools/run.js", "exercise", ...args], {
    cwd: root,
    env: ENV,
  });
  let text = "";
  command.stdout.on("data", (data) => {
    text += data;
  });
  command.stderr.on("data", (data) => {
    text += data;
  });
  command.stdin.end();
  const [code] = await once(command, "close");
  return { code, text };
}

describe("without a terminal", () => {
  test("the tests run once, and say what was expected and what came", async () => {
    const { code, text } = await exercise("03-format-event");
    expect(code).toBe(1);
    expect(text).toContain("Write  exercises/03-sse/1-format-event/answer.ts");
    expect(text).toContain("✗ an event has its fields, each on a line, and an empty line at its end");
    expect(text).toContain("    expected  │ id: e1:7");
    expect(text).toContain("    came      │ id: e1:7");
    expect(text).not.toContain("known mistake");
    expect(text).not.toMatch(/^\s+at /m);
  });

  test("a known mistake is named, with the lesson to read again", async () => {
    answerWith("mistakes/only-line-feeds.ts");
    const { text } = await exercise("03-format-event");
    expect(text).toContain("This looks like a known mistake.");
    expect(text).toContain("Only LF counts as a line end");
    expect(text).toMatch(/Read again {2}chapters\/03-sse\/README\.md:\d+, "Build it"/);
  });

  test("what passes is solved: its solution may be seen, and check runs it once more", async () => {
    expect((await exercise("solution", "03-format")).text).toContain("is not solved yet");
    answerWith("solution.ts");
    const { code, text } = await exercise("03-format-event");
    expect([code, text.includes("Solved: all 6 tests pass.")]).toEqual([0, true]);
    expect((await exercise("solution")).text).toBe(`${readFileSync(path("solution.ts"), "utf8")}\n`);
    expect((await exercise("list")).text).toMatch(/✓ 03-format-event .*\n\n1 of 2 solved/);

    expect(await exercise("check")).toMatchObject({
      code: 0,
      text: expect.stringContaining("ok    03-format"),
    });
    answerWith("mistakes/no-empty-line.ts");
    const checked = await exercise("check");
    expect(checked).toMatchObject({ code: 1, text: expect.stringContaining("FAIL  03-format-event") });
    expect(checked.text).toContain("1 of them do not pass any more. 1 of 2 solved.");
  });

  test("code that cannot be read, and code that throws, is named with its place", async () => {
    writeFileSync(path("answer.ts"), "export function formatEvent( {\n");
    expect((await exercise("03-format-event")).text).toMatch(/The file cannot be run\.[\s\S]*answer\.ts:1:/);
    writeFileSync(
      path("answer.ts"),
      'console.log("seen");\nexport const formatEvent = () => JSON.parse("x");\n',
    );
    const { text } = await exercise("03-format-event");
    expect(text).toContain("an error was thrown: SyntaxError");
    expect(text).toContain("exercises/03-sse/1-format-event/answer.ts:2");
    expect(text).toContain("Your code wrote:\n  seen");
  });

  test("a promise that nobody waits for and that fails is no success", async () => {
    const text = readFileSync(path("solution.ts"), "utf8");
    writeFileSync(path("answer.ts"), `${text}\nvoid Promise.reject(new Error("forgotten"));\n`);
    const { code, text: said } = await exercise("03-format-event");
    expect(code).toBe(1);
    expect(said).toContain("An error that nobody waited for");
    expect(said).toContain("forgotten");
  });

  test("a hint more each time, three in all", async () => {
    for (const count of [1, 2, 3, 3]) {
      const { text } = await exercise("hint", "02-lost-wake-up");
      expect(text.match(/Hint \d of 3/g)).toHaveLength(count);
    }
  });

  test("a reset asks first; what was there is kept", async () => {
    answerWith("mistakes/no-empty-line.ts");
    const before = readFileSync(path("answer.ts"), "utf8");
    expect((await exercise("reset", "03-format")).text).toContain("Nobody can be asked here");
    expect(readFileSync(path("answer.ts"), "utf8")).toBe(before);
    expect((await exercise("reset", "03-format", "--yes")).text).toContain("is kept as");
    expect(readFileSync(path("answer-1.ts"), "utf8")).toBe(before);
    expect(readFileSync(path("answer.ts"), "utf8")).toBe(readFileSync(path("exercise.ts"), "utf8"));
  });

  test.each([
    [["nothing"], 'There is no exercise "nothing": npm run exercise list shows them all.'],
    [["0"], '"0" could be one of 02-lost-wake-up, 03-format-event: give the whole name.'],
    [["02-lost-wake-up", "03-format-event"], "One exercise at a time"],
    [["solve", "03-format-event"], 'There is no command "solve": there are list, next, hint, solution,'],
    [["list", "02-lost-wake-up"], "npm run exercise list takes no name"],
    [["--fast"], "There is no option --fast: there are --once, --spoil and --yes."],
    [["open", "03-format-event"], "EDITOR"],
  ])("%s is answered with one sentence", async (args, sentence) => {
    const { code, text } = await exercise(...args);
    expect(code).toBe(1);
    expect(text).toContain(sentence);
    expect(text.trim().split("\n")).toHaveLength(1);
  });
});

test("code that never ends is stopped, and the next run works", async () => {
  const tests = startTestProcess();
  onTestFinished(tests.stop);
  const text = "export function formatEvent() { for (;;) {} }";
  expect(await tests.run([{ folder: FOLDER, file: "endless.ts", text }], 2_500)).toBe("endless");
  expect(await tests.run([{ folder: FOLDER, file: "solution.ts" }])).toMatchObject([
    { tests: Array(6).fill({ state: "passed" }) },
  ]);
});

const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

describe.skipIf(!hasScript)("in a terminal (skipped where there is no script command of Linux)", () => {
  /** `npm run exercise …` in a terminal of its own. */
  function terminal(...args: string[]) {
    const command = [process.execPath, "shared/tools/run.js", "exercise", ...args].join(" ");
    const shell = spawn("script", ["-qefc", command, "/dev/null"], { cwd: root, env: ENV });
    onTestFinished(() => void shell.kill());
    let text = "";
    shell.stdout.on("data", (data) => {
      text += data;
    });
    return {
      press: (key: string) => shell.stdin.write(key),
      /** Waits until the screen, since it was cleared last, has a text. */
      shows: (wanted: string) =>
        until(`the screen to show "${wanted}"`, () => screen().includes(wanted), 30_000).catch((error) => {
          throw new Error(`${error.message}; it is:\n${screen()}`);
        }),
      screen,
      isOver: once(shell, "close"),
    };
    function screen(): string {
      return stripVTControlCharacters(text.slice(text.lastIndexOf("\x1b[H") + 3));
    }
  }

  test("a change is tested, keys are obeyed, and the next exercise follows", async () => {
    await exercise("reset", "03-format-event", "--yes");
    const { press, shows, screen, isOver } = terminal("03-format-event");
    await shows("✗ an event has its fields");
    await shows("Saved changes are tested by themselves");
    expect(screen()).toContain(
      "n next · h hint · l list · s solution · o open in editor · r run again · q quit",
    );
    answerWith("mistakes/no-empty-line.ts");
    await shows("The empty line is missing");
    press("h");
    await shows("Hint 1 of 3");
    press("s");
    await shows("The solution is for afterwards");
    press("l");
    await shows("0 of 2 solved");
    press("o");
    await shows("No editor is known");
    answerWith("solution.ts");
    await shows("Solved: all 6 tests pass.");
    press("s");
    await shows("export function formatEvent");
    press("n");
    await shows("02-lost-wake-up · ");
    await shows("✗ ");
    expect(existsSync(join(root, "exercises/02-long-polling/2-lost-wake-up/answer.ts"))).toBe(true);
    press("r");
    await shows("Running…");
    await shows("Saved changes");
    press("q");
    await isOver;
    expect(screen()).toContain("1 of 2 solved. Go on with npm run exercise.");
  });
});
