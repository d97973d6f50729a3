import { showToast } from "./toasts.ts";

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ text: "Copied.", stayMs: 3_000 });
  } catch {
    showToast({
      text: "The browser does not allow copying here. Select the text, and copy it yourself.",
      tone: "warning",
    });
  }
}
