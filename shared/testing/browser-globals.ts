import { onTestFinished, vi } from "vitest";
import type { Servable } from "../serve.ts";

/** What a chapter's `client.ts` needs of a browser, for tests without one. */
export interface FakeTab {
  /** The paths that were asked for, in order. */
  readonly requests: string[];
  /** While true, every `fetch` fails as it does without a network. */
  isOffline: boolean;
  /** While true, no `fetch` is ever answered, as on a connection that has died without a word. */
  isSilent: boolean;
  /** Hides or shows the tab, as the user's switching to another one does. */
  setHidden(hidden: boolean): void;
}

/** Puts `document` and a `fetch` that asks the app into place until the running test has ended. */
export function fakeTab(app: Servable): FakeTab {
  const document = Object.assign(new EventTarget(), { hidden: false });
  const tab: FakeTab = {
    requests: [],
    isOffline: false,
    isSilent: false,
    setHidden(hidden) {
      document.hidden = hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    },
  };
  vi.stubGlobal("document", document);
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    tab.requests.push(path);
    if (tab.isOffline) {
      // Even a failure takes a moment: a client that never pauses is caught, not stuck in a loop without an end.
      await new Promise((resolve) => setTimeout(resolve, 1));
      throw new TypeError("fetch failed");
    }
    const request = new Request(new URL(path, "http://localhost"), init);
    if (tab.isSilent) return aborted(request.signal);
    return Promise.race([app.fetch(request), aborted(request.signal)]);
  });
  // The real one does not follow fake timers.
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("The time is up", "TimeoutError")), ms);
    return controller.signal;
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
    timeout.mockRestore();
  });
  return tab;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
