import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Servable } from "../serve.ts";
import { findChapter, listChapters } from "../tools/chapters.ts";
import { openStage } from "../tools/stage/open-stage.ts";
import { withPage } from "../web/page.ts";
import { signInWhereAsked } from "./board-pane.ts";
import { openPage } from "./browser.ts";
import { startServer } from "./start-server.ts";

/**
 * Puts an app on its chapter's stage and opens that in Chromium, until the running test has ended.
 * @param folder the chapter's folder
 */
export async function openStagePage(
  app: Servable,
  folder: string,
  options: Parameters<typeof openPage>[1] = {},
  prepare?: Parameters<typeof openPage>[2],
) {
  const chapter = findChapter(listChapters(), join(folder).split(/[\\/]/).at(-1) ?? "");
  if (typeof chapter === "string") throw new Error(chapter);
  const server = await startServer(withPage(app, folder), { graceMs: 100 });
  const stage = await openStage({ chapter, serverPort: server.port });
  onTestFinished(() => stage.close());
  const { page, errors } = await openPage(stage.url, options, prepare);
  const pane = (name: string) => page.frameLocator(`iframe[title="The board as ${name} sees it"]`);
  if (await signInWhereAsked(pane("Alice"))) await signInWhereAsked(pane("Bob"));
  const wire = page.getByRole("region", { name: "Wire" });
  return {
    ...stage,
    server,
    page,
    /** What went wrong in the page, as the console tells it. */
    errors,
    alice: pane("Alice"),
    bob: pane("Bob"),
    wire,
    /** The lines of the wire panel that have all of these texts. */
    lines: (...texts: (string | RegExp)[]) =>
      texts.reduce((found, hasText) => found.filter({ hasText }), wire.getByRole("treeitem")),
    fault: (name: string) =>
      page.getByRole("region", { name: "Break the network" }).getByRole("button", { name, exact: true }),
    expectNoErrors: () => expect(errors).toEqual([]),
  };
}
