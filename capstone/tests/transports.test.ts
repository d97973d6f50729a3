import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { describe } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import { type BoardPage, startBoards, visit } from "./board-page.ts";

const SOON_MS = 20_000;
/** It is tried again after some seconds, and then less and less often. */
const UPGRADE_MS = 60_000;

const NAMES = {
  socket: "WebSocket",
  stream: "Server-Sent Events",
  "long-poll": "Long polling",
  poll: "Short polling",
} as const;

/** The panel in which the user sees how changes come, and chooses it. It stays open. */
async function openPanel({ page }: BoardPage) {
  const panel = page.getByRole("dialog", { name: "Connection" });
  const toggle = async () => page.getByRole("button", { name: "Connection" }).click();
  await toggle();
  await panel.waitFor();
  return {
    uses: (name: string) =>
      panel.getByRole("definition").first().filter({ hasText: name }).waitFor({ timeout: UPGRADE_MS }),
    choose: (name: string) => panel.getByRole("radio", { name, exact: true }).check(),
    close: () => page.keyboard.press("Escape"),
  };
}

describe("the user chooses how changes come", () => {
  browserTest(
    "by every way they come, and both see each other",
    async () => {
      const server = await startBoards();
      const [alice, bob] = await Promise.all([visit(server, "alice"), visit(server, "bob")]);
      await Promise.all([alice.says("Live"), bob.says("Live")]);
      const { counts } = server.app.live;
      for (const [transport, name] of Object.entries(NAMES)) {
        const panel = await openPanel(alice);
        await panel.choose(name);
        await panel.uses(name);
        await panel.close();
        await alice.says("Live");
        const { sockets, streams } = {
          sockets: transport === "socket" ? 2 : 1,
          streams: Number(transport === "stream"),
        };
        await until(
          "the server's view of it",
          () => {
            const now = counts();
            return (
              now.sockets === sockets &&
              now.streams === streams &&
              now.polls === Number(transport === "long-poll")
            );
          },
          SOON_MS,
        );
        await bob.add("To do", `For ${name}`);
        await alice.card(`For ${name}`).waitFor();
        await alice.choose(`For ${name}`, "Move to list", "Done");
        await until("her change", async () => (await bob.titles("Done")).at(-1) === `For ${name}`, SOON_MS);
        await alice.page.getByLabel("Bob is here").waitFor();
        await bob.page.getByLabel("Alice is here").waitFor();
      }
      const panel = await openPanel(alice);
      await panel.choose("Automatic");
      await panel.uses("WebSocket");
    },
    150_000,
  );
});

describe("something on the way lets less through", () => {
  browserTest(
    "without sockets it is a stream, without streams long polling, without that short polling; and back",
    async () => {
      const server = await startBoards();
      const blocked = blocker(server.node);
      blocked.add("/ws");
      const [alice, bob] = await Promise.all([
        visit(server, "alice"),
        visit(server, "bob", { path: "/settings" }),
      ]);
      await alice.says("Live");
      const panel = await openPanel(alice);
      await panel.uses("Server-Sent Events");
      await server.store.run("bob", undefined, {
        type: "update_task",
        taskId: "task-3",
        change: { title: "By stream" },
      });
      await alice.page.getByRole("link", { name: "By stream" }).waitFor();

      // A proxy that keeps every byte until the answer is complete, which a stream never is.
      blocked.add("/events");
      await alice.page.reload();
      await alice.says("Live");
      const second = await openPanel(alice);
      await second.uses("Long polling");
      await server.store.run("bob", undefined, {
        type: "update_task",
        taskId: "task-3",
        change: { title: "By answer" },
      });
      await alice.page.getByRole("link", { name: "By answer" }).waitFor();

      blocked.add("/poll");
      await alice.page.reload();
      await alice.says("Live");
      const third = await openPanel(alice);
      await third.uses("Short polling");
      await server.store.run("bob", undefined, {
        type: "update_task",
        taskId: "task-3",
        change: { title: "By asking" },
      });
      await alice.page.getByRole("link", { name: "By asking" }).waitFor();

      blocked.clear();
      await third.uses("WebSocket");
      await third.close();
      await alice.says("Live");
      await bob.page.goto(`${bob.url}/b/board-1`);
      await bob.choose("By asking", "Delete");
      await alice.card("By asking").waitFor({ state: "detached" });
    },
    180_000,
  );
});

/** @returns the ends of paths on which nothing gets through: streams are swallowed, all else is refused */
function blocker(node: Server): Set<string> {
  const blocked = new Set<string>();
  const isBlocked = ({ url = "" }: IncomingMessage) =>
    [...blocked].some((end) => url.split("?", 1)[0]?.endsWith(end));
  const onRequest = node.listeners("request");
  const onUpgrade = node.listeners("upgrade");
  node.removeAllListeners("request").removeAllListeners("upgrade");
  node.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (!isBlocked(request)) for (const listener of onRequest) listener.call(node, request, response);
    else if (!request.headers.accept?.includes("text/event-stream")) response.writeHead(502).end();
  });
  node.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isBlocked(request)) socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
    else for (const listener of onUpgrade) listener.call(node, request, socket, head);
  });
  return blocked;
}
