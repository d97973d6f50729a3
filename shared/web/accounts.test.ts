import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { group, route, setup } from "@hectoday/http";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { z } from "zod";
import type { Boards } from "../board.ts";
import { answerError, answerNotFound, badInput, errorResponse, Refusal } from "../refusal.ts";
import { browserTest, openPage } from "../testing/browser.ts";
import { accepted, demoBoard, snapshotOf } from "../testing/demo-board.ts";
import { addTask } from "../testing/panes.ts";
import { startServer } from "../testing/start-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { withPage } from "./page.ts";

/** Asks again and again, and says so when the answer is no. */
const POLLING = `export const hasAccounts = true;
export const connect = (boardId, { seq }, onEvents, onState) => {
  let isStopped = false;
  onState("live");
  const timer = setInterval(async () => {
    const response = await fetch("/boards/" + boardId + "/events?after=" + seq);
    const answer = await response.json();
    if (isStopped) return;
    if (!response.ok) return onState("ended", answer.error.message);
    seq = answer.seq;
    if (answer.events.length > 0) onEvents(answer.events);
  }, 50);
  return () => { isStopped = true; clearInterval(timer); };
};`;

/** Never asks: what has happened is noticed at the next change. */
const SILENT = `export const hasAccounts = true;
export const connect = (boardId, cursor, onEvents, onState) => { onState("live"); return () => {}; };`;

/** A chapter whose client is this text. */
function chapter(client: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "README.md"), "# 99 · Accounts\n");
  writeFileSync(join(folder, "client.ts"), client);
  return folder;
}

/** As much of chapter 06's server as the page needs. */
function appWithAccounts(boards: Boards) {
  /** User ids by the cookie's value. */
  const sessions = new Map<string, string>();
  const requests: string[] = [];
  const boardParams = z.object({ boardId: z.string() });
  const memberParams = z.object({ boardId: z.string(), userId: z.string() });

  const keyOf = (request: Request) => /session=([\w-]+)/.exec(request.headers.get("cookie") ?? "")?.[1] ?? "";
  const sessionOf = (userId: string) => ({
    userId,
    name: userId.replace(/^./, (first) => first.toUpperCase()),
    expiresAt: "2027-01-01T00:00:00.000Z",
  });
  const notSignedIn = () => errorResponse(401, "not_signed_in", "You are not signed in.");

  /** What only members get. */
  function forMember(request: Request, boardId: string, answer: (userId: string) => Response): Response {
    const userId = sessions.get(keyOf(request)) ?? "";
    const isMember = snapshotOf(boards, boardId).board.members.some((member) => member.userId === userId);
    return isMember ? answer(userId) : errorResponse(404, "not_found", "There is no such board for you.");
  }

  const app = setup({
    routes: group([
      route.post("/session", {
        request: { body: z.object({ userId: z.string(), password: z.string() }) },
        resolve: ({ input }) => {
          if (!input.ok) return badInput(input.issues);
          const { userId, password } = input.body;
          if (password !== "demo")
            return errorResponse(401, "wrong_credentials", "That is not the password.");
          const key = randomUUID();
          sessions.set(key, userId);
          const headers = { "set-cookie": `session=${key}; HttpOnly; SameSite=Lax; Path=/` };
          return Response.json(sessionOf(userId), { headers });
        },
      }),
      route.get("/session", {
        resolve: ({ request }) => {
          const userId = sessions.get(keyOf(request));
          return userId === undefined ? notSignedIn() : Response.json(sessionOf(userId));
        },
      }),
      route.delete("/session", {
        resolve: ({ request }) => {
          sessions.delete(keyOf(request));
          return new Response(null, { status: 204 });
        },
      }),
      route.get("/boards/:boardId", {
        request: { params: boardParams },
        resolve: ({ request, input }) => {
          if (!input.ok) return badInput(input.issues);
          const { boardId } = input.params;
          return forMember(request, boardId, () => Response.json(snapshotOf(boards, boardId)));
        },
      }),
      route.get("/boards/:boardId/events", {
        request: { params: boardParams, query: z.object({ after: z.coerce.number() }) },
        resolve: ({ request, input }) => {
          if (!input.ok) return badInput(input.issues);
          const { boardId } = input.params;
          const cursor = { seq: input.query.after };
          return forMember(request, boardId, () =>
            Response.json(accepted(boards.eventsAfter(boardId, cursor, 100))),
          );
        },
      }),
      route.post("/boards/:boardId/members", {
        request: { params: boardParams, body: z.object({ userId: z.string() }) },
        resolve: ({ request, input }) => {
          if (!input.ok) return badInput(input.issues);
          const { params, body } = input;
          return forMember(request, params.boardId, (actorId) => {
            const event = boards.addMember(actorId, params.boardId, body);
            if (event instanceof Refusal) return event.toResponse();
            return Response.json(event.data.member, { status: 201 });
          });
        },
      }),
      route.delete("/boards/:boardId/members/:userId", {
        request: { params: memberParams },
        resolve: ({ request, input }) => {
          if (!input.ok) return badInput(input.issues);
          const { boardId, userId } = input.params;
          return forMember(request, boardId, (actorId) => {
            accepted(boards.removeMember(actorId, boardId, userId));
            return new Response(null, { status: 204 });
          });
        },
      }),
      route.post("/tasks", {
        request: { body: z.object({ listId: z.string(), title: z.string() }) },
        resolve: ({ request, input }) => {
          if (!input.ok) return badInput(input.issues);
          const { body } = input;
          return forMember(request, "board-1", (userId) =>
            Response.json(accepted(boards.createTask(userId, body)).data.task, { status: 201 }),
          );
        },
      }),
    ]),
    onNotFound: answerNotFound,
    onError: answerError,
  });

  return {
    ...app,
    fetch(request: Request) {
      const { pathname } = new URL(request.url);
      const claim = request.headers.has("x-user") ? " with a claim" : "";
      requests.push(`${request.method} ${pathname}${claim}`);
      const isAllowed = pathname === "/session" || sessions.has(keyOf(request));
      return isAllowed ? app.fetch(request) : notSignedIn();
    },
    requests,
    sessions,
  };
}

async function openBoards(client: string) {
  const { boards } = demoBoard();
  const app = appWithAccounts(boards);
  const { url } = await startServer(withPage(app, chapter(client)));
  /** A browser of its own for each user. */
  const open = async (user: string, options: Parameters<typeof openPage>[1] = {}) =>
    (await openPage(`${url}/board?user=${user}`, options)).page;
  return { boards, app, url, open };
}

async function signIn(page: Page, password = "demo"): Promise<void> {
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const list = (page: Page, user: string) => page.getByRole("region", { name: `To do, as ${user}` });
const live = (page: Page) => page.getByText("live", { exact: true });
const loadAgain = (page: Page) => page.getByRole("button", { name: "Load again" });
const row = (page: Page, name: string) =>
  page.getByRole("region", { name: "Members" }).getByRole("listitem").filter({ hasText: name });

describe("signing in", () => {
  browserTest(
    "a wrong password is said and the user stays; the right one shows the board as that user",
    async () => {
      const { app, open } = await openBoards(POLLING);
      const page = await open("alice");
      const user = page.getByLabel("User");
      expect(await user.inputValue()).toBe("alice");
      expect(await page.getByLabel("Password").inputValue()).toBe("demo"); // this is a loopback address
      await page.getByText("every password is demo").waitFor();
      expect(await user.getAttribute("autocomplete")).toBe("username");
      expect(await page.getByLabel("Password").getAttribute("autocomplete")).toBe("current-password");

      await user.fill("bob"); // the form decides, not the address
      await signIn(page, "secret");
      await page.getByRole("alert").getByText("That is not the password.").waitFor();
      expect(await user.inputValue()).toBe("bob");
      // By keyboard: the focus is in the password, and what is wrong is selected.
      await page.keyboard.type("demo");
      await page.keyboard.press("Enter");
      await list(page, "bob").getByText("Write the release notes").waitFor();
      await page.getByText("Bob ·").waitFor();
      await page.getByRole("main", { name: "The board as bob sees it" }).waitFor();
      await live(page).waitFor();
      expect(await page.getByRole("alert").count()).toBe(0);
      expect(app.requests.filter((request) => request.includes("claim"))).toEqual([]);
    },
  );

  browserTest("a reload stays signed in; who signs out sees the form, and nothing of the board", async () => {
    const { app, open } = await openBoards(POLLING);
    const page = await open("alice");
    await signIn(page);
    await list(page, "alice").waitFor();
    await page.reload();
    await list(page, "alice").waitFor();
    expect(app.requests.filter((request) => request === "POST /session")).toHaveLength(1);

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.getByText("Write the release notes").count()).toBe(0);
    expect(app.sessions.size).toBe(0);
    app.requests.length = 0;
    await page.waitForTimeout(200); // four times the pause between two questions
    expect(app.requests).toEqual([]);
  });

  browserTest("a server that is away when the page is opened is asked again", async () => {
    const { url } = await openBoards(POLLING);
    const { page } = await openPage("about:blank");
    let isAway = true;
    await page.route("**/session", (request) => (isAway ? request.abort() : request.continue()));
    await page.goto(`${url}/board?user=alice`);
    await page.getByText("The server cannot be reached…").waitFor();
    isAway = false;
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  browserTest("elsewhere than on this machine no password is filled in", async () => {
    const { app } = await openBoards(POLLING);
    const { page } = await openPage("about:blank");
    const served = withPage(app, chapter(POLLING));
    await page.route("http://board.example/**", async (request) => {
      const response = await served.fetch(new Request(request.request().url()));
      const headers = Object.fromEntries(response.headers);
      await request.fulfill({ status: response.status, headers, body: await response.text() });
    });
    await page.goto("http://board.example/board?user=alice");
    expect(await page.getByLabel("User").inputValue()).toBe("alice");
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    expect(await page.getByText("Demo users").count()).toBe(0);
  });
});

describe("members", () => {
  browserTest("an owner adds Carol and removes Bob, who is told that it is over", async () => {
    const { boards, open } = await openBoards(POLLING);
    const alice = await open("alice");
    await signIn(alice);
    const bob = await open("bob");
    await signIn(bob);
    await live(bob).waitFor();

    expect(await row(alice, "Alice").getByRole("button").count()).toBe(0);
    expect(await bob.getByLabel("Add a member").count()).toBe(0);
    expect(await row(bob, "Alice").getByRole("button").count()).toBe(0);
    await row(bob, "Bob").getByRole("button", { name: "Leave" }).waitFor();

    await alice.getByLabel("Add a member").fill("dave");
    await alice.getByRole("button", { name: "Add member" }).click();
    await alice.getByText('There is no user "dave".').waitFor();
    expect(await alice.getByLabel("Add a member").inputValue()).toBe("dave");
    await alice.getByLabel("Add a member").fill("carol");
    await alice.getByRole("button", { name: "Add member" }).click();
    for (const page of [alice, bob]) await row(page, "Carol").getByText("editor").waitFor();

    await alice.getByRole("button", { name: "Remove Bob" }).click();
    await bob.getByRole("alert").getByText("There is no such board for you.").waitFor();
    await bob.locator(".status").getByText("ended").waitFor();
    expect(await list(bob, "bob").getByText("Write the release notes").count()).toBe(1); // as last seen
    await row(alice, "Bob").waitFor({ state: "detached" });
    await live(alice).waitFor();

    boards.addMember("alice", "board-1", { userId: "bob" });
    await loadAgain(bob).click();
    await live(bob).waitFor();
    expect(await bob.getByRole("alert").count()).toBe(0);
  });

  browserTest("who leaves is told so", async () => {
    const { boards, open } = await openBoards(SILENT);
    const bob = await open("bob");
    await signIn(bob);
    await row(bob, "Bob").getByRole("button", { name: "Leave" }).click();
    await bob.getByRole("alert").getByText("You have left this board.").waitFor();
    await loadAgain(bob).waitFor();
    await bob.waitForTimeout(200); // the board is asked for once more, and that it is refused is no news
    expect(await bob.getByRole("alert").allTextContents()).toEqual(["You have left this board."]);
    expect(snapshotOf(boards).board.members.map(({ userId }) => userId)).toEqual(["alice"]);
  });

  browserTest("who is no member is told so, and can load again or sign out", async () => {
    const { boards, open } = await openBoards(POLLING);
    const carol = await open("carol");
    await signIn(carol);
    const sentence = carol.getByRole("alert").getByText("There is no such board for you.");
    await sentence.waitFor();
    await loadAgain(carol).click();
    await sentence.waitFor();
    boards.addMember("alice", "board-1", { userId: "carol" });
    await loadAgain(carol).click();
    await list(carol, "carol").waitFor();
    await carol.getByRole("button", { name: "Sign out" }).click();
    await carol.getByRole("heading", { name: "Sign in" }).waitFor();
  });
});

describe("an end", () => {
  browserTest("of the session while a title is being changed: the new title is said", async () => {
    const { app, open } = await openBoards(SILENT);
    const page = await open("alice");
    await signIn(page);
    await live(page).waitFor();
    app.sessions.clear();
    await page.getByRole("button", { name: "Draw the logo", exact: true }).click();
    await page.getByLabel("Title", { exact: true }).fill("Draw a better logo");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("You are not signed in.").waitFor();
    await loadAgain(page).click();
    await signIn(page);
    await live(page).waitFor();
    const said = await page.getByRole("alert").allTextContents();
    expect(said).toEqual(["Your text was: Draw a better logo OK"]);
  });

  browserTest("that the client reports shows its sentence, until the board is loaded again", async () => {
    const { open } = await openBoards(`let starts = 0;
    export const hasAccounts = true;
    export const connect = (boardId, cursor, onEvents, onState) => {
      starts += 1;
      onState("live");
      if (starts === 1) setTimeout(() => onState("ended", "The board is closed for today."), 50);
      return () => {};
    };`);
    const page = await open("alice");
    await signIn(page);
    await page.getByRole("alert").getByText("The board is closed for today.").waitFor();
    expect(await page.locator(".status").textContent()).toBe("ended Load again");
    await list(page, "alice").getByText("Write the release notes").waitFor();
    await loadAgain(page).click();
    await live(page).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  browserTest(
    "of the session in the middle of a change is said, and the typed text is there after it",
    async () => {
      const { app, boards, open } = await openBoards(SILENT);
      const page = await open("alice");
      await signIn(page);
      await live(page).waitFor();
      app.sessions.clear();
      await addTask(page, "alice", "A thought");
      await page.getByRole("alert").getByText("You are not signed in.").waitFor();
      const typed = page.getByLabel("New task in To do, as alice");
      expect(await typed.inputValue()).toBe("A thought");

      await loadAgain(page).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await list(page, "alice").count()).toBe(0); // the form alone is to be seen
      await signIn(page);
      await live(page).waitFor();
      expect(await page.getByRole("alert").count()).toBe(0);
      expect(await typed.inputValue()).toBe("A thought");
      await typed.press("Enter");
      await list(page, "alice").getByText("A thought").waitFor();
      expect(snapshotOf(boards).tasks.some(({ title }) => title === "A thought")).toBe(true);
    },
  );

  browserTest(
    "of the session, and a new one of somebody else: nothing of the first one's is left",
    async () => {
      const { app, open } = await openBoards(SILENT);
      const page = await open("alice");
      await signIn(page);
      await live(page).waitFor();
      app.sessions.clear();
      await addTask(page, "alice", "A secret");
      await loadAgain(page).click();
      await page.getByLabel("User").fill("carol");
      await signIn(page);
      await page.getByText("There is no such board for you.").waitFor();
      expect(await page.getByText("Write the release notes").count()).toBe(0);
      expect(await page.getByLabel(/New task/).count()).toBe(0);
    },
  );
});

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(`axe finds no violation in the form and on the board, ${colorScheme}`, async () => {
    const { open, app } = await openBoards(SILENT);
    const page = await open("alice", { colorScheme, viewport: { width: 390, height: 800 } });
    const violations = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [
        id,
        ...nodes.map(({ html }) => html),
      ]);
    await signIn(page, "wrong");
    await page.getByRole("alert").waitFor();
    expect(await violations()).toEqual([]);
    await signIn(page);
    await live(page).waitFor();
    expect(await violations()).toEqual([]);
    app.sessions.clear();
    await addTask(page, "alice", "A thought");
    await loadAgain(page).waitFor();
    expect(await violations()).toEqual([]);
  });
}

browserTest("without accounts nobody is asked for: the address says who it is", async () => {
  const { boards } = demoBoard();
  const requests: string[] = [];
  const app = {
    fetch(request: Request) {
      requests.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("x-user")}`);
      return Response.json(snapshotOf(boards));
    },
  };
  const { url } = await startServer(withPage(app, chapter("export const connect = () => () => {};")));
  const { page } = await openPage(`${url}/board?user=bob`);
  await list(page, "bob").waitFor();
  expect(requests).toEqual(["GET /boards/board-1 bob"]);
  expect(await page.getByRole("button", { name: "Sign out" }).count()).toBe(0);
  expect(await page.getByRole("region", { name: "Members" }).count()).toBe(0);
});
