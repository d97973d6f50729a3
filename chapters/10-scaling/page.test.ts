import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { signInWhereAsked } from "../../shared/testing/board-pane.ts";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { findChromium } from "../../shared/testing/chromium.ts";
import { addTask } from "../../shared/testing/panes.ts";
import { temporaryFolder } from "../../shared/testing/temporary-folder.ts";
import { until } from "../../shared/testing/until.ts";
import { freePort } from "./cluster/free-port.ts";
import { needsProgram } from "./cluster/needs-program.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Either it says that there is no browser, or which program is missing. */
const stageTest =
  findChromium() === undefined
    ? (name: string, run: () => Promise<void>, _timeoutMs: number) => browserTest(name, run)
    : needsProgram("redis-server", "nginx");

/** `npm run chapter 10`, or its cluster alone. */
function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporaryFolder(), ...env },
  });
  onTestFinished(() => void child.kill("SIGTERM"));
  const state = { child, output: "", exited: once(child, "close") };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      state.output += data;
    });
  }
  return state;
}

describe("npm run chapter 10", () => {
  stageTest(
    "without a bus Bob hears nothing; with it he does, and goes on when his node is killed and Redis freezes",
    async () => {
      const port = await freePort();
      const command = run(["shared/tools/run.js", "chapter", "10"], { PORT: String(port), NODES: "2" });
      await until("the stage", () => command.output.includes("Listening after"), 20_000);
      const { page } = await openPage(`http://localhost:${port}`);
      const pane = (name: string) => page.frameLocator(`iframe[title="The board as ${name} sees it"]`);
      const [alice, bob] = [pane("Alice"), pane("Bob")];
      await signInWhereAsked(alice);
      await signInWhereAsked(bob);
      const programs = page.getByRole("region", { name: "Programs" });
      const press = (name: string) => programs.getByRole("button", { name, exact: true }).click();
      /** The node that somebody's socket is on. */
      const nodeOf = async (who: typeof alice) => {
        const text = await who.getByText(/^live on node-/).textContent({ timeout: 30_000 });
        return text?.replace("live on ", "");
      };
      const sees = (who: typeof alice, title: string) =>
        who.getByRole("button", { name: title, exact: true }).waitFor({ timeout: 15_000 });
      /** All nodes start anew. Pages that are loaded again then have not tried in vain so often that they wait long. */
      const loseBoth = async () => {
        const running = () => programs.getByRole("button", { name: /^kill node/ }).count();
        await until("a node to stop", async () => (await running()) < 2);
        await until("both nodes to run", async () => (await running()) === 2, 20_000);
        // When all have failed, nginx gives them a second before it asks one again.
        const status = async () => (await fetch(`http://127.0.0.1:${port + 1}/session`)).status;
        await until("nginx to know it", async () => (await status()) === 401);
        await page.reload();
      };
      expect(await nodeOf(alice)).not.toBe(await nodeOf(bob));
      await addTask(alice, "alice", "first");
      await sees(bob, "first");

      await press("off bus");
      await loseBoth();
      // They may come to the same node, until one of them loads the page again.
      await until(
        "both on nodes of their own",
        async () => {
          if ((await nodeOf(alice)) !== (await nodeOf(bob))) return true;
          await page.frame({ url: /bob\.course/ })?.goto(page.frame({ url: /bob\.course/ })?.url() ?? "");
          await nodeOf(bob);
          return false;
        },
        60_000,
      );
      await addTask(alice, "alice", "second");
      await sees(alice, "second");
      await page.waitForTimeout(2_000);
      expect(await bob.getByRole("button", { name: "second", exact: true }).count()).toBe(0);

      await press("on bus");
      await loseBoth();
      await sees(bob, "second");
      await nodeOf(alice);
      const bobsNode = await nodeOf(bob);
      await press(`kill ${bobsNode}`);
      await addTask(alice, "alice", "third");
      await sees(bob, "third");
      expect(await nodeOf(bob)).not.toBe(bobsNode);
      await press("freeze redis");
      await addTask(alice, "alice", "fourth");
      await sees(bob, "fourth");

      command.child.kill("SIGINT");
      await command.exited;
      expect(command.child.exitCode).toBe(0);
    },
    120_000,
  );

  test("without Redis it says in one sentence what to install", async () => {
    const command = run(["--import", "tsx", "chapters/10-scaling/cluster.ts"], { PATH: "", PORT: "0" });
    await command.exited;
    expect(command.output).toMatch(
      /^redis-server is not installed: install it \(.*\), or set REDIS_URL\.\n$/,
    );
    expect(command.child.exitCode).toBe(78);
  });

  test("settings that cannot be used are said in one sentence each", async () => {
    for (const [env, sentence] of [
      [{ NODES: "many" }, 'NODES is "many", which is no number above 0: set it to one, or leave it out.'],
      [{ PORT: "80000" }, 'PORT is "80000", which is no port: set it to a number from 0 to 65535.'],
      [
        { REDIS_URL: "localhost" },
        "REDIS_URL is no address of a Redis: set it to one, such as redis://127.0.0.1:6379.",
      ],
    ] as const) {
      const command = run(["--import", "tsx", "chapters/10-scaling/cluster.ts"], { PORT: "0", ...env });
      await command.exited;
      expect([command.output, command.child.exitCode]).toEqual([`${sentence}\n`, 78]);
    }
  });
});
