import type { FrameLocator, Page } from "playwright-core";

/** One person's board: a pane, or the page of one person alone. */
export type BoardPane = FrameLocator | Page;

/**
 * Waits for the demo board. From chapter 06 on, its page asks first who it is; the form is filled in already.
 * @returns whether it has asked
 */
export async function signInWhereAsked(pane: BoardPane): Promise<boolean> {
  const board = pane.getByText("Draw the logo");
  const button = pane.getByRole("button", { name: "Sign in", exact: true });
  await board.or(button).first().waitFor();
  const isAsked = await button.isVisible();
  if (isAsked) await button.click();
  await board.waitFor();
  return isAsked;
}
