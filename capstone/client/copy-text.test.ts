import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "./copy-text.ts";
import { clearToasts, toasts } from "./toasts.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  clearToasts();
});

test("whoever copies learns whether it has worked: without a clipboard it has not", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copyText("mine")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("mine");
  vi.stubGlobal("navigator", {});
  expect(await copyText("mine")).toBe(false);
  expect(toasts.value.map(({ text }) => text)).toEqual([
    "Copied.",
    "The browser does not allow copying here. Select the text, and copy it yourself.",
  ]);
});
