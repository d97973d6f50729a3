import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, onTestFinished } from "vitest";
import { browserTest, openPage } from "../../testing/browser.ts";
import { demoBoard } from "../../testing/demo-board.ts";
import { addTask } from "../../testing/panes.ts";
import { openStagePage } from "../../testing/stage.ts";
import { startServer } from "../../testing/start-server.ts";
import { until } from "../../testing/until.ts";
import { withPage } from "../../web/page.ts";
import { type Chapter, listChapters } from "../chapters.ts";
import { openStage } from "./open-stage.ts";

async function openChapter(chapter: Chapter, ...options: OpenOptions) {
  const { createApp } = await import(pathToFileURL(join(chapter.folder, "app.ts")).href);
  return openStagePage(createApp(demoBoard()), chapter.folder, ...options);
}

type OpenOptions = Parameters<typeof openStagePage> extends [unknown, unknown, ...infer Rest] ? Rest : never;

const chapters = listChapters();

function chapterNumber(number: number): Chapter {
  const chapter = chapters[number];
  if (!chapter) throw new Error(`there is no chapter ${number}`);
  return chapter;
}

/** What brings a change to Bob, in the chapters that say it by HTTP alone. */
const BRINGS_NEWS = [
  { number: 0, request: "GET /boards/board-1" },
  { number: 1, request: "GET /boards/board-1/updates?after=" },
  { number: 2, request: "GET /boards/board-1/poll?after=" },
];

describe.each(BRINGS_NEWS)("the stage of chapter 0$number", ({ number, request }) => {
  const chapter = chapterNumber(number);

  browserTest("shows the change, what brought it to Bob, their sizes and the delay", async () => {
    const { page, alice, bob, wire, lines, expectNoErrors } = await openChapter(chapter);
    await lines("Bob", "GET /boards/board-1").first().waitFor();
    await addTask(alice, "alice", "Order the cake");
    if (number === 0) {
      await alice.getByText("Order the cake").waitFor();
      await bob.getByRole("button", { name: "Refresh" }).click();
    }
    await bob.getByText("Order the cake").waitFor();

    await lines("Alice", "POST /tasks").first().click();
    const details = page.getByRole("region", { name: "Details of the message" });
    await details.getByText('"title": "Order the cake"').waitFor();
    expect(await details.textContent()).toMatch(
      /POST \/tasks HTTP\/1\.1\s+Host: alice\.course\.localhost:\d+/,
    );
    expect(await details.textContent()).toMatch(/\d+ B on the wire/);
    expect(await details.getByRole("heading", { name: /^Body, \d+ bytes$/ }).count()).toBe(1);

    // The answer that Bob's board was waiting for, or asked for.
    await lines("Bob", `200 OK ← ${request}`).last().click();
    await details.getByText("Order the cake").waitFor();
    expect(await details.textContent()).toMatch(/on the wire, after [\d.]+ m?s/);

    const delay = await until("the delay", async () =>
      /Alice’s click → Bob’s screen: ([\d.]+) (ms|s)/.exec(
        (await wire.locator(".click-to-screen").textContent()) ?? "",
      ),
    );
    expect(Number(delay[1])).toBeGreaterThan(0);
    expectNoErrors();
  });

  browserTest("a frozen Bob hears nothing, and catches up when he is thawed", async () => {
    const { alice, bob, lines, fault, page, tap } = await openChapter(chapter);
    await until("Bob's connections", () => tap.connections.some(({ person }) => person === "bob"));
    await fault("Freeze").click();
    await lines("freeze: bob").first().waitFor();
    expect(await fault("Freeze").getAttribute("aria-pressed")).toBe("true");
    await addTask(alice, "alice", "Order the cake");
    await alice.getByText("Order the cake").waitFor();
    if (number === 0) await bob.getByRole("button", { name: "Refresh" }).click();
    await lines("Bob", "held back").first().waitFor();
    expect(await bob.getByText("Order the cake").count()).toBe(0);
    await until("the clock above Bob", async () =>
      /out of date for/.test(
        (await page.getByLabel("Bob", { exact: true }).locator(".delay").textContent()) ?? "",
      ),
    );

    await fault("Freeze").click();
    await bob.getByText("Order the cake").waitFor();
    // The panel shows how: what was held back went on, and says for how long it was held.
    await lines("Bob", /held [\d.]+ m?s/)
      .first()
      .waitFor();
    await lines("freeze: bob: lifted").first().waitFor();
    expect(await page.getByRole("button", { name: /^Lift/ }).count()).toBe(0);
  });
});

describe("the stage", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(`has no violation that axe can find, ${colorScheme}`, async () => {
      const { page, alice, bob, lines, fault, expectNoErrors } = await openChapter(chapterNumber(2), {
        colorScheme,
      });
      await addTask(alice, "alice", "Order the cake");
      await bob.getByText("Order the cake").waitFor();
      await page.locator(".mermaid svg").first().waitFor();
      await fault("Slow").click();
      await page.getByText("More", { exact: true }).click();
      await lines("POST /tasks").first().click();
      await page
        .getByRole("region", { name: "Details of the message" })
        .getByText("Order the cake")
        .waitFor();
      // In the dark nothing is different but the colours.
      const axe = () => {
        const builder = new AxeBuilder({ page });
        return colorScheme === "dark" ? builder.withRules(["color-contrast"]) : builder;
      };
      const found = await axe().analyze();
      expect(found.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
      await page.getByRole("button", { name: "By connection" }).click();
      const grouped = await axe().include(".wire-panel").analyze();
      expect(grouped.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
      expectNoErrors();
    });
  }

  browserTest("works by keyboard alone", async () => {
    const { page, alice, bob, wire, fault, lines } = await openChapter(chapterNumber(1));
    const { keyboard } = page;
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");

    // From the lesson through the contents, the lesson's text and Alice's board to the faults, with Tab.
    await page.locator("#sections").focus();
    await keyboard.type("Try", { delay: 20 });
    expect(await page.locator("#sections").inputValue()).toBe("try-it");
    await addTask(alice, "alice", "Order the cake");
    await bob.getByText("Order the cake").waitFor();
    await page.getByLabel("Whose network to break").focus();
    for (let presses = 0; (await focused()) !== "Freeze" && presses < 5; presses += 1)
      await keyboard.press("Tab");
    await keyboard.press("Space");
    await until("the freeze", async () => (await fault("Freeze").getAttribute("aria-pressed")) === "true");
    await keyboard.press("Space");
    await until("the thaw", async () => (await fault("Freeze").getAttribute("aria-pressed")) === "false");

    // The list of messages is one stop; arrows move in it, Enter opens, Escape closes and brings the focus back.
    const tree = wire.getByRole("tree");
    await wire.getByRole("button", { name: "Pause" }).press("Enter");
    await tree.focus();
    await keyboard.press("Home");
    await until(
      "the first line",
      async () => (await wire.getByRole("treeitem", { selected: true }).count()) === 1,
    );
    const active = () => tree.getAttribute("aria-activedescendant");
    const first = await active();
    await keyboard.press("ArrowDown");
    await until("the next line", async () => (await active()) !== first);
    await lines("POST /tasks").first().waitFor();
    for (let presses = 0; presses < 100; presses += 1) {
      const text = await wire.getByRole("treeitem", { selected: true }).textContent();
      if (text?.includes("POST /tasks")) break;
      await keyboard.press("ArrowDown");
    }
    await keyboard.press("Enter");
    const details = page.getByRole("region", { name: "Details of the message" });
    await details.getByText('"title": "Order the cake"').waitFor();
    await keyboard.press("Escape");
    await until("the details to close", async () => (await details.count()) === 0);
    expect(await tree.evaluate((element) => element === document.activeElement)).toBe(true);

    // By connection: → opens a connection, ← closes it.
    await wire.getByRole("button", { name: "By connection" }).press("Enter");
    await tree.focus();
    await keyboard.press("Home");
    await keyboard.press("ArrowRight");
    await wire.getByRole("treeitem", { expanded: true }).waitFor();
    await keyboard.press("ArrowLeft");
    await until(
      "it to close",
      async () => (await wire.getByRole("treeitem", { expanded: true }).count()) === 0,
    );
  });

  browserTest("shows what a person, a connection or a page does, alone, paused and cleared", async () => {
    const { page, wire, lines, alice, tap } = await openChapter(chapterNumber(0));
    await lines("Bob").first().waitFor();
    await page.getByLabel("Whose messages to show").selectOption("Alice");
    await until("Bob's lines to go", async () => (await lines("Bob").count()) === 0);
    expect(await lines("/page/board.js").count()).toBe(0);
    await wire.getByRole("button", { name: "Page files" }).click();
    await lines("Alice", "GET /page/board.js").first().waitFor();
    await wire.getByRole("button", { name: "Page files" }).click();

    const own = tap.connections.find(({ person }) => person === "bob")?.id;
    await page.getByLabel("Whose messages to show").selectOption("everybody");
    await page.getByLabel("Which connection to show").selectOption(String(own));
    await until("Alice's lines to go", async () => (await lines("Alice").count()) === 0);
    await page.getByLabel("Which connection to show").selectOption("all connections");

    await wire.getByRole("button", { name: "Pause" }).click();
    await addTask(alice, "alice", "Unseen");
    await alice.getByText("Unseen").waitFor();
    await page.waitForTimeout(300); // longer than changes are collected
    expect(await lines("POST /tasks").count()).toBe(0);
    await wire.getByRole("button", { name: "Pause" }).click();
    await lines("POST /tasks").first().waitFor();

    await wire.getByRole("button", { name: "Clear" }).click();
    await until("the panel to be empty", async () => (await wire.getByRole("treeitem").count()) === 0);
  });

  browserTest(
    "each fault button does what it says, and what is broken can be lifted one by one",
    async () => {
      const { page, bob, alice, lines, fault, tap } = await openChapter(chapterNumber(2));
      await bob.getByText("live").waitFor();
      const isBroken = (kind: string) => () => tap.rules.some((rule) => rule.fault.kind === kind);
      await fault("Slow").click();
      await until("the delay", isBroken("latency"));
      await fault("Slow reader").click();
      await until("the slow reader", isBroken("slow-reader"));
      await page.getByRole("button", { name: "Lift: slow reader, 200 bytes/s: bob" }).click();
      await page.getByRole("button", { name: /^Lift: latency/ }).click();
      await until("both to be lifted", () => tap.rules.length === 0);

      await fault("Drop next").click();
      await until("the drop", isBroken("drop"));
      await addTask(alice, "alice", "Lost on the way");
      await lines("Bob", "dropped").first().waitFor(); // the answer to his question
      await until("the drop to be over", () => tap.rules.length === 0);
      await fault("Cut").click();
      await lines("connection closed: cut").first().waitFor();
      await bob.getByText("Lost on the way").waitFor(); // with his next question

      await page.getByLabel("Whose network to break").selectOption("everyone");
      await fault("Freeze").click();
      await until("the freeze", () => tap.rules.some(({ target }) => target === "everyone"));
    },
  );

  browserTest("where the browser does not know the hosts, Bob gets a window of his own", async () => {
    const { page, alice, wire } = await openChapter(chapterNumber(2), {}, async (context) => {
      await context.route(/course\.localhost/, (route) => route.abort());
    });
    const [bob] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("button", { name: "Open Bob in a new window" }).click(),
    ]);
    expect(new URL(page.url()).hostname).toBe("localhost");
    expect(new URL(bob.url()).hostname).toBe("127.0.0.1");
    await bob.getByText("live").waitFor();
    await addTask(alice, "alice", "Order the cake");
    await bob.getByText("Order the cake").waitFor();
    await wire.getByText(/Alice’s click → Bob’s screen: \d+ ms/).waitFor();
  });

  browserTest("a board that could not be loaded is loaded when the server is there", async () => {
    const chapter = chapterNumber(1);
    const { createApp } = await import(pathToFileURL(join(chapter.folder, "app.ts")).href);
    let isUp = false;
    const stage = await openStage({ chapter, isServerUp: () => isUp });
    onTestFinished(() => stage.close());
    const { page } = await openPage(stage.url);
    await page.getByText("the chapter’s server is not running").waitFor();
    await page.getByLabel("Bob", { exact: true }).getByText("not loaded").waitFor();
    const server = await startServer(withPage(createApp(demoBoard()), chapter.folder), { graceMs: 100 });
    stage.tap.setTarget(server.port);
    isUp = true;
    stage.tap.noteServer("the server is listening");
    for (const name of ["Alice", "Bob"]) {
      await page
        .frameLocator(`iframe[title="The board as ${name} sees it"]`)
        .getByText("Draw the logo")
        .waitFor();
      await page.getByLabel(name, { exact: true }).getByText("up to date").waitFor();
    }
  });

  browserTest("says that it has stopped when the command ends", async () => {
    const { page, close } = await openChapter(chapterNumber(0));
    await page.getByText("running", { exact: true }).waitFor();
    await close();
    await page.getByText("the stage has stopped: start npm run chapter again").waitFor();
  });

  browserTest("a reader guesses first and then sees what was measured", async () => {
    const { page, bob } = await openChapter(chapterNumber(0));
    const box = page.locator(".prediction-box").first();
    await box.getByRole("button").click();
    expect(await box.locator("output").textContent()).toBe(""); // no guess, no answer
    await box.getByRole("spinbutton").fill("2000");
    await box.getByRole("button").click();
    await until("the measuring", async () =>
      /s to go, 0 bytes so far/.test((await box.locator("output").textContent()) ?? ""),
    );
    await bob.getByRole("button", { name: "Refresh" }).click();
    const result = await until(
      "the result",
      async () =>
        /^You guessed 2000 bytes; measured: (\d+) bytes\.$/.exec(
          (await box.locator("output").textContent()) ?? "",
        ),
      20_000,
    );
    expect(Number(result[1])).toBeGreaterThan(1_000);
  });

  browserTest(
    "ten thousand messages are as quick as ten, and only those in sight are in the page",
    async () => {
      const { page, wire, recorder, tap } = await openChapter(chapterNumber(0));
      let id = 1_000_000;
      const add = (count: number) => {
        for (let each = 0; each < count; each += 1) {
          id += 1;
          recorder.onMessage({
            id,
            connection: tap.connections[0]?.id ?? 1,
            way: "up",
            kind: "request",
            at: Date.now(),
            size: 100,
            summary: `GET /number/${id}`,
            isComplete: true,
            fate: "passed",
            heldMs: undefined,
            afterMs: undefined,
            isPage: false,
            details: [],
          });
        }
      };
      const client = await page.context().newCDPSession(page);
      await client.send("Performance.enable");
      const scriptMs = async () => {
        const { metrics } = await client.send("Performance.getMetrics");
        return 1_000 * (metrics.find(({ name }) => name === "ScriptDuration")?.value ?? 0);
      };
      /** What one more message costs, in milliseconds of scripting, when a hundred come one after the other. */
      const cost = async () => {
        const before = await scriptMs();
        for (let each = 0; each < 100; each += 1) {
          add(1);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        await wire.getByText(`GET /number/${id}`).waitFor();
        return ((await scriptMs()) - before) / 100;
      };
      const few = await cost();
      add(10_000);
      await wire.getByText(`GET /number/${id}`).waitFor();
      expect(await wire.getByRole("treeitem").count()).toBeLessThan(60);
      const many = await cost();
      const measured = `scripting time per message: ${few} ms with few, ${many} ms with 10,000`;
      expect(many, measured).toBeLessThan(16); // a frame
      await wire.getByRole("tree").press("Home");
      await until("the oldest to be in sight", async () => {
        const first = await wire.getByRole("treeitem").first().textContent();
        return first?.includes("GET /number/");
      });
    },
  );
});
