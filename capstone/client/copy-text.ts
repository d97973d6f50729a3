import { showToast } from "./toasts.ts";

/** @returns whether it could be copied: on plain HTTP, for one, no page may */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ text: "Copied.", stayMs: 3_000 });
    return true;
  } catch {
    showToast({
      text: "The browser does not allow copying here. Select the text, and copy it yourself.",
      tone: "warning",
    });
    return false;
  }
}
