import { afterEach, expect, test, vi } from "vitest";
import { clearToasts, closeToast, dismissToast, showToast, toasts } from "./toasts.ts";

afterEach(clearToasts);

const shown = () => toasts.value.map(({ id }) => id);

test("a toast is dismissed by the user or by its time, and by nothing else", () => {
  const onClose = vi.fn();
  showToast({ id: "a", text: "Not saved", onClose });
  closeToast("a");
  expect(shown()).toEqual([]);
  expect(onClose).not.toHaveBeenCalled();
  showToast({ id: "a", text: "Not saved", onClose });
  dismissToast("a");
  dismissToast("a");
  expect(shown()).toEqual([]);
  expect(onClose).toHaveBeenCalledTimes(1);
});

test("a fifth toast takes the place of the oldest one that would go by itself", () => {
  const onClose = vi.fn();
  showToast({ id: "refused", text: "Not saved", stayMs: undefined, onClose });
  for (const id of ["a", "b", "c", "d"]) showToast({ id, text: id, onClose });
  expect(shown()).toEqual(["refused", "b", "c", "d"]);
  expect(onClose).not.toHaveBeenCalled();
});

test("none that waits for an answer has to go, however many there are", () => {
  const refused = ["1", "2", "3", "4", "5"];
  for (const id of refused) showToast({ id, text: "Not saved", stayMs: undefined });
  for (const id of ["a", "b"]) showToast({ id, text: id });
  expect(shown()).toEqual([...refused, "b"]);
});
