import { AxeBuilder } from "@axe-core/playwright";
import { expect, onTestFinished } from "vitest";
import { browserTest, openPage } from "../../testing/browser.ts";
import { until } from "../../testing/until.ts";
import { listChapters } from "../chapters.ts";
import { createParts, type Part, type PartAction } from "../parts.ts";
import { openStage } from "./open-stage.ts";

const BOTH = ["kill", "freeze"];

const PARTS: readonly Part[] = [
  { name: "bus", state: "running", detail: "3 nodes", actions: BOTH },
  { name: "redis", state: "frozen", actions: ["kill", "thaw"] },
  { name: "nginx", state: "starting", actions: [] },
  ...["node-1", "node-2", "node-3"].map(
    (name): Part => ({ name, state: "running", detail: "12 sockets", actions: BOTH }),
  ),
];

async function openWithParts(first: readonly Part[]) {
  const [chapter] = listChapters();
  if (!chapter) throw new Error("there is no chapter");
  const asked: PartAction[] = [];
  const parts = createParts((each) => asked.push(each));
  parts.set(first);
  const stage = await openStage({ chapter, parts });
  onTestFinished(() => stage.close());
  const { page } = await openPage(stage.url, { viewport: { width: 1280, height: 800 } });
  await page.getByRole("region", { name: "Wire" }).waitFor();
  const programs = page.getByRole("region", { name: "Programs" });
  const chip = (name: string) => programs.getByRole("listitem").filter({ hasText: name });
  return { page, parts, asked, programs, chip };
}

const stopped = ({ name }: Part): Part => ({ name, state: "stopped", actions: ["start"] });

browserTest(
  "the stage shows the parts of a server, and has a button for what can be done with each",
  async () => {
    const { page, parts, asked, programs, chip } = await openWithParts([]);
    expect(await programs.count()).toBe(0);
    parts.set(PARTS);
    await chip("redis").getByText("frozen", { exact: true }).waitFor();
    await chip("node-3").getByText("2 sockets").waitFor();
    expect(await chip("nginx").textContent()).toContain("starting");
    expect(await chip("nginx").getByRole("button").count()).toBe(0);

    await programs.getByRole("button", { name: "kill node-1", exact: true }).press("Enter");
    await until("the action", () => asked.length > 0);
    expect(asked).toEqual([{ part: "node-1", action: "kill" }]);
    await page.getByRole("treeitem").filter({ hasText: "node-1: kill" }).waitFor();
    parts.set(PARTS.map((part) => (part.name === "node-1" ? stopped(part) : part)));
    await chip("node-1").getByText("stopped", { exact: true }).waitFor();
    expect(await programs.getByRole("button", { name: "kill node-1" }).count()).toBe(0);
    await programs.getByRole("button", { name: "start node-1", exact: true }).waitFor();
    // The button that had the focus is gone; Tab goes on from here and not from the top of the page.
    const hasFocus = () => chip("node-1").evaluate((element) => element === document.activeElement);
    await until("the focus", hasFocus);

    // What the page is too late for is said in a sentence.
    await page.route("**/stage/parts", (route) => {
      parts.set(PARTS.map(stopped)); // while the request is on its way
      return route.continue();
    });
    await programs.getByRole("button", { name: "freeze bus" }).click();
    await page.getByRole("alert").getByText('bus is stopped: "freeze" is not possible now.').waitFor();
    expect(asked).toHaveLength(1);

    parts.set([]);
    await programs.waitFor({ state: "detached" });
  },
);

browserTest(
  "six parts take two lines of a small screen, and axe finds no violation, light or dark",
  async () => {
    const { page, parts, programs } = await openWithParts(PARTS);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).include(".parts-bar").analyze();
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    }
    parts.set(PARTS.map((part) => ({ ...part, state: "running", detail: "12 sockets", actions: BOTH })));
    await programs.getByRole("button", { name: "freeze nginx" }).waitFor();
    expect((await programs.boundingBox())?.height).toBeLessThan(60);
  },
);
