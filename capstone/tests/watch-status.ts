// Everything that a page's status has said, and when: what was on the screen for a moment counts too.
import type { Page } from "playwright-core";

export interface SaidStatus {
  readonly text: string;
  /** From when on. Milliseconds since 1970: the browser has the test's clock. */
  readonly at: number;
}

/** @returns all that it has said since */
export async function watchStatus(page: Page): Promise<() => Promise<readonly SaidStatus[]>> {
  await page.evaluate(() => {
    const element = document.getElementById("status-text");
    if (!element) throw new Error("There is no status on this page.");
    const said: SaidStatus[] = [];
    const note = () => said.push({ text: element.textContent ?? "", at: Date.now() });
    note();
    new MutationObserver(note).observe(element, { childList: true, characterData: true, subtree: true });
    (globalThis as unknown as { said: SaidStatus[] }).said = said;
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: SaidStatus[] }).said);
}

/** The longest that a text was there between two moments, in milliseconds. */
export function longest(
  said: readonly SaidStatus[],
  isMeant: (text: string) => boolean,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const times = said.map(({ text, at }, index) => {
    const until = Math.min(said[index + 1]?.at ?? to, to);
    return isMeant(text) ? until - Math.max(at, from) : 0;
  });
  return Math.max(0, ...times);
}
