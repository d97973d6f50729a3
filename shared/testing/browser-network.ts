import { EventSource } from "eventsource";
import { onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";

/**
 * Puts what a chapter's `client.ts` needs of a browser into place until the running test has ended, with a real network
 * behind it: `fetch`, `EventSource` and `WebSocket` go to a server.
 *
 * @param baseUrl what paths are relative to, as a page's own address would be
 * @param cookie what the browser would send along
 */
export function browserNetwork(baseUrl: string, cookie?: string): void {
  const realFetch = globalThis.fetch;
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal("location", new URL("/board?user=bob", baseUrl));
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) =>
    realFetch(new URL(path, baseUrl), { ...init, headers: { ...init?.headers, ...(cookie && { cookie }) } }),
  );
  vi.stubGlobal(
    "EventSource",
    class extends EventSource {
      constructor(path: string) {
        super(new URL(path, baseUrl));
      }
    },
  );
  vi.stubGlobal("WebSocket", WebSocket);
  onTestFinished(() => void vi.unstubAllGlobals());
}
