import AxeBuilder from "@axe-core/playwright";
import { expect } from "vitest";
import { browserTest, openPage } from "../../shared/testing/browser.ts";
import { startCapstone } from "../tests/start-capstone.ts";

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `the documentation can be read by everybody, in ${colorScheme}, under its own policy`,
    async () => {
      const { url } = await startCapstone();
      const { page, errors } = await openPage(`${url}/docs`, {
        colorScheme,
        viewport: { width: 390, height: 800 },
      });
      const operation = page.locator("details.operation", { hasText: "Make a task" });
      await operation.locator("summary").click();
      await operation.getByText("Idempotency-Key", { exact: true }).waitFor();
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(colorScheme === "dark" ? "rgb(20, 24, 31)" : "rgb(255, 255, 255)");
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      // On a phone nothing is wider than the page.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(errors).toEqual([]);
    },
  );
}
