import { expect } from "vitest";
import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

const SOON_MS = 20_000;

for (const pointer of ["mouse", "finger"] as const) {
  browserTest(`what a button opens, the same button closes: with a ${pointer}`, async () => {
    const server = await startBoards();
    const phone = { hasTouch: true, isMobile: true, viewport: { width: 400, height: 800 } };
    const { page, says } = await visit(server, "alice", { context: pointer === "finger" ? phone : {} });
    await says("Live");
    const opened = page.locator(":popover-open");
    for (const name of ["Filter", "Connection", "Board menu", "Account of Alice", /^Actions for “/]) {
      const button = page.getByRole("button", { name }).first();
      const press = () => (pointer === "mouse" ? button.click() : button.tap());
      const untilExpanded = (expected: string) =>
        until(
          `${name} to be expanded: ${expected}`,
          async () => (await button.getAttribute("aria-expanded")) === expected,
          SOON_MS,
        );
      // Twice: what had only closed for a moment would be open when it is pressed again, and close.
      for (const _ of ["once", "and again"]) {
        await press();
        await untilExpanded("true");
        const [panel, at] = [await opened.boundingBox(), await button.boundingBox()];
        expect(panel?.y).toBeCloseTo((at?.y ?? 0) + (at?.height ?? 0) + 4, 0);
        await press();
        await untilExpanded("false");
        expect(await opened.count()).toBe(0);
      }
    }
  });
}
