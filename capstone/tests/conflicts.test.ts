import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import type { BoardEvent, Snapshot } from "../board/events.ts";
import type { Store } from "../server/store/store.ts";
import { type BoardPage, startBoards, tapTo, visit } from "./board-page.ts";

const SOON_MS = 20_000;

/** Alice is behind a network that can be stopped: what she and Bob do then, they do at the same time. */
async function openTwo() {
  const server = await startBoards();
  const tap = await tapTo(server);
  const prepare = { context: { permissions: ["clipboard-read", "clipboard-write"] } };
  const [alice, bob] = await Promise.all([
    visit(server, "alice", { url: tap.url, ...prepare }),
    visit(server, "bob"),
  ]);
  await Promise.all([alice.says("Live"), bob.says("Live")]);

  /** What Alice does reaches the server after what Bob does. */
  async function meanwhile(alices: () => Promise<void>, bobs: () => Promise<void>): Promise<void> {
    const head = () => server.store.head("board-1");
    const before = (await head())?.seq ?? 0;
    const lift = tap.apply({ target: "everyone", fault: { kind: "freeze" } });
    await alices();
    await bobs();
    await until("Bob's change", async () => ((await head())?.seq ?? 0) > before, SOON_MS);
    lift();
  }

  return { server, tap, alice, bob, meanwhile };
}

async function snapshotOf(store: Store): Promise<Snapshot> {
  return (await store.snapshot("board-1")) as Snapshot;
}

/** The newest last. */
async function logOf(store: Store, count: number): Promise<readonly BoardEvent[]> {
  return [...(await store.eventsBefore("board-1", undefined, count))].reverse();
}

function untilIn(who: BoardPage, listName: string, title: string) {
  const isThere = async () => (await who.titles(listName)).includes(title);
  return until(`“${title}” in ${listName}`, isThere, SOON_MS);
}

async function rename(who: BoardPage, from: string, to: string): Promise<void> {
  await who.open(from);
  await who.dialog.getByLabel("Title", { exact: true }).fill(to);
  await who.page.keyboard.press("Enter");
  await who.dialog.getByRole("button", { name: "Close" }).click();
}

describe("two change one card at the same time", () => {
  browserTest("a move and a new name both survive, whoever is later", async () => {
    const { server, alice, bob, meanwhile } = await openTwo();
    await meanwhile(
      () => alice.choose("Draw the logo", "Move to list", "Done"),
      () => rename(bob, "Draw the logo", "Draw a badge"),
    );
    await Promise.all([untilIn(alice, "Done", "Draw a badge"), untilIn(bob, "Done", "Draw a badge")]);

    await meanwhile(
      () => rename(alice, "Buy the domain", "Buy two domains"),
      () => bob.choose("Buy the domain", "Move to list", "Doing"),
    );
    await Promise.all([untilIn(alice, "Doing", "Buy two domains"), untilIn(bob, "Doing", "Buy two domains")]);
    const types = (await logOf(server.store, 4)).map(({ type, actorId }) => `${actorId} ${type}`);
    expect(types).toEqual(["bob task_updated", "alice task_moved", "bob task_moved", "alice task_updated"]);
    expect(await alice.toast("").count()).toBe(0);
    expect(await bob.toast("").count()).toBe(0);
  });

  browserTest(
    "of two moves the later one wins; the other one is told by whom, and can put it back",
    async () => {
      const { alice, bob, meanwhile } = await openTwo();
      await meanwhile(
        () => alice.choose("Draw the logo", "Move to list", "To do"),
        () => bob.choose("Draw the logo", "Move to list", "Done"),
      );
      await Promise.all([untilIn(alice, "To do", "Draw the logo"), untilIn(bob, "To do", "Draw the logo")]);
      const told = bob.toast("Alice moved “Draw the logo” to To do after you.");
      await told.waitFor();
      expect(await alice.toast("").count()).toBe(0);
      await told.getByRole("button", { name: "Put it back" }).click();
      await Promise.all([untilIn(alice, "Done", "Draw the logo"), untilIn(bob, "Done", "Draw the logo")]);
      expect(await alice.titles("Done")).toEqual(await bob.titles("Done"));
      // That was no coincidence, but an answer: nobody was overruled by it.
      expect(await alice.toast("after you").count()).toBe(0);
    },
  );

  browserTest("of two lists of labels, and of two dates, the later one wins as a whole", async () => {
    const { server, alice, bob, meanwhile } = await openTwo();
    await Promise.all([alice.open("Draw the logo"), bob.open("Draw the logo")]);
    const change = async (who: BoardPage, label: string, dueOn: string) => {
      await who.dialog.getByLabel("Labels").fill(label);
      await who.page.keyboard.press("Enter");
      await who.dialog.getByLabel("Due").fill(dueOn);
      await who.page.keyboard.press("Enter");
    };
    await meanwhile(
      () => change(alice, "round", "2030-01-02"),
      () => change(bob, "square", "2030-03-04"),
    );
    for (const who of [alice, bob]) {
      await who.dialog.getByRole("button", { name: "Remove the label round" }).waitFor();
      await who.dialog
        .getByRole("button", { name: "Remove the label square" })
        .waitFor({ state: "detached" });
      const dueOn = () => who.dialog.getByLabel("Due").inputValue();
      await until("the date", async () => (await dueOn()) === "2030-01-02", SOON_MS);
    }
    const logo = (await snapshotOf(server.store)).tasks.find(({ title }) => title === "Draw the logo");
    expect(logo).toMatchObject({ labels: ["design", "round"], dueOn: "2030-01-02" });
    expect(await alice.toast("").count()).toBe(0);
  });

  browserTest("a move that came first and was seen is no conflict", async () => {
    const { alice, bob } = await openTwo();
    await alice.choose("Draw the logo", "Move to list", "To do");
    await untilIn(bob, "To do", "Draw the logo");
    await bob.choose("Draw the logo", "Move to list", "Done");
    await untilIn(alice, "Done", "Draw the logo");
    expect(await alice.toast("").count()).toBe(0);
  });
});

describe("deleting beats editing", () => {
  browserTest(
    "a card is deleted under a text that is being written: the text becomes a new card",
    async () => {
      const { server, alice, bob } = await openTwo();
      const field = (await alice.open("Draw the logo")).getByLabel("Description");
      await field.fill("Three colours after all");
      await bob.choose("Draw the logo", "Delete");
      await alice.dialog.getByText("Bob deleted this card.").waitFor();
      expect(await field.inputValue()).toBe("Three colours after all");
      await alice.dialog.getByRole("button", { name: "Copy the text" }).click();
      const copied = () => alice.page.evaluate(() => navigator.clipboard.readText());
      await until("the copy", async () => (await copied()) === "Draw the logo\n\nThree colours after all");

      await alice.dialog.getByRole("button", { name: "Make a new card with it" }).click();
      await bob.card("Draw the logo").waitFor();
      const made = (await snapshotOf(server.store)).tasks.find(({ title }) => title === "Draw the logo");
      expect(made?.description).toBe("Three colours after all");
      expect(made?.labels).toEqual(["design"]);
    },
  );

  browserTest("an edit that comes too late is refused with the text in hand", async () => {
    const { server, alice, bob, meanwhile } = await openTwo();
    const dialog = await alice.open("Draw the logo");
    await dialog.getByLabel("Description").fill("Three colours after all");
    await meanwhile(
      () => dialog.getByRole("button", { name: "Save" }).click(),
      () => bob.choose("Draw the logo", "Delete"),
    );
    const told = alice.toast("Not saved");
    await told.waitFor();
    expect(await told.textContent()).toContain("Bob deleted it.");
    await told.getByRole("button", { name: "Copy my text" }).click();
    const copied = () => alice.page.evaluate(() => navigator.clipboard.readText());
    await until("the copy", async () => (await copied()).includes("Three colours after all"));

    await alice.dialog.getByText("Bob deleted this card.").waitFor();
    expect(await alice.dialog.getByLabel("Description").inputValue()).toBe("Three colours after all");
    await alice.dialog.getByRole("button", { name: "Make a new card with it" }).click();
    await bob.card("Draw the logo").waitFor();
    const made = (await snapshotOf(server.store)).tasks.find(({ title }) => title === "Draw the logo");
    expect(made?.description).toBe("Three colours after all");
  });
});

describe("two write the same text", () => {
  async function writeBoth(
    { alice, bob, meanwhile }: Awaited<ReturnType<typeof openTwo>>,
    bobs = "Bob's words",
  ) {
    await alice.open("Draw the logo");
    await bob.open("Draw the logo");
    const write = async (who: BoardPage, text: string) => {
      await who.dialog.getByLabel("Description", { exact: true }).fill(text);
      await who.page.keyboard.press("Control+Enter");
    };
    await meanwhile(
      () => write(alice, "Alice's words"),
      () => write(bob, bobs),
    );
  }
  const description = (who: BoardPage) => who.dialog.getByLabel("Description", { exact: true });
  const untilSays = (who: BoardPage, text: string) =>
    until(
      `the description to be ${text}`,
      async () => (await description(who).inputValue()) === text,
      SOON_MS,
    );

  browserTest("both versions are shown, and the later writer chooses: mine", async () => {
    const two = await openTwo();
    await writeBoth(two);
    const panel = two.alice.dialog.getByRole("alert", { name: "Two versions" });
    await panel.getByText("Bob changed the description while you were editing it.").waitFor();
    expect(await panel.getByText("Bob's words").count()).toBe(1);
    expect(await panel.getByLabel("Your description").inputValue()).toBe("Alice's words");
    // Nothing is overwritten before she has chosen.
    expect(await description(two.bob).inputValue()).toBe("Bob's words");
    await panel.getByRole("button", { name: "Use mine" }).click();
    await Promise.all([untilSays(two.alice, "Alice's words"), untilSays(two.bob, "Alice's words")]);
    await panel.waitFor({ state: "detached" });
  });

  browserTest("… theirs, or one made of both; also after a reload", async () => {
    const two = await openTwo();
    await writeBoth(two);
    const panel = two.alice.dialog.getByRole("alert", { name: "Two versions" });
    await panel.getByRole("button", { name: "Use theirs" }).click();
    await panel.waitFor({ state: "detached" });
    await untilSays(two.alice, "Bob's words");

    await two.alice.page.keyboard.press("Escape");
    await two.bob.page.keyboard.press("Escape");
    await writeBoth(two, "Bob's other words");
    await panel.waitFor();
    await two.alice.page.reload();
    await panel.waitFor();
    await panel.getByLabel("Your description").fill("Both our words");
    await panel.getByRole("button", { name: "Save this" }).click();
    await untilSays(two.bob, "Both our words");
  });

  browserTest("whoever has closed the card is told, and led to both versions", async () => {
    const { alice, bob, meanwhile } = await openTwo();
    await alice.open("Draw the logo");
    await meanwhile(
      async () => {
        await alice.dialog.getByLabel("Title", { exact: true }).fill("Draw our logo");
        await alice.page.keyboard.press("Enter");
        await alice.dialog.getByRole("button", { name: "Close" }).click();
      },
      () => rename(bob, "Draw the logo", "Draw the seal"),
    );
    const told = alice.toast("You and Bob both changed the title of “Draw the seal”.");
    await told.getByRole("button", { name: "Look at both" }).click();
    const panel = alice.dialog.getByRole("alert", { name: "Two versions" });
    await panel.getByRole("button", { name: "Use mine" }).click();
    await bob.card("Draw our logo").waitFor();
  });
});

describe("places", () => {
  browserTest(
    "two who put cards into the same gap at once: no two in one place, and one order for all",
    async () => {
      const { server, alice, bob } = await openTwo();
      const cookies = { alice: alice.cookie, bob: bob.cookie };
      async function move(userId: "alice" | "bob", taskId: string): Promise<void> {
        const response = await fetch(`${server.url}/tasks/${taskId}/move`, {
          method: "PATCH",
          headers: { cookie: cookies[userId], "content-type": "application/json" },
          body: JSON.stringify({ listId: "list-todo", afterId: "task-1", beforeId: "task-2" }),
        });
        expect(response.status).toBe(200);
      }
      const both = ["alice", "bob"] as const;
      const others = ["task-3", "task-4", "task-8", "task-9", "task-10", "task-11"];
      await Promise.all(
        Array.from({ length: 30 }, (_, at) => move(both[at % 2] ?? "bob", others[at % 6] ?? "")),
      );
      const { tasks } = await snapshotOf(server.store);
      const inTodo = tasks.filter(({ listId }) => listId === "list-todo");
      expect(new Set(inTodo.map(({ position }) => position)).size).toBe(inTodo.length);
      const titles = inTodo.map(({ title }) => title);
      for (const who of [alice, bob]) {
        await until("the order", async () => (await who.titles("To do")).join() === titles.join(), SOON_MS);
      }
      expect(titles).toHaveLength(11);
    },
  );

  browserTest("new positions for a whole list are not to be seen", async () => {
    const { server, alice, bob } = await openTwo();
    const field = alice.list("To do").getByLabel("Title of the new card in To do");
    await alice.list("To do").getByRole("button", { name: "Add a card to To do" }).click();
    await field.pressSequentially("Half a tit");
    const has = async (type: string) => (await logOf(server.store, 5)).some((event) => event.type === type);
    let moves = 0;
    // Two cards in turns directly after the first one: each place is between it and the last one.
    while (!(await has("tasks_rebalanced"))) {
      moves += 1;
      expect(moves).toBeLessThan(1_000);
      const command = {
        type: "move_task",
        taskId: moves % 2 === 0 ? "task-2" : "task-5",
        place: { listId: "list-todo", afterId: "task-1" },
      } as const;
      await server.store.run("bob", undefined, command);
    }
    const { tasks } = await snapshotOf(server.store);
    const todo = tasks.filter(({ listId }) => listId === "list-todo");
    expect(Math.max(...todo.map(({ position }) => position.length))).toBeLessThan(10);
    const titles = todo.map(({ title }) => title);
    for (const who of [alice, bob]) {
      await until("the order", async () => (await who.titles("To do")).join() === titles.join(), SOON_MS);
      expect(await who.status()).toBe("Live");
    }
    expect(await field.inputValue()).toBe("Half a tit");
    // And the list goes on as before.
    await alice.dragBefore("Redirect the old addresses", "Write the release notes");
    await until(
      "the move",
      async () => (await bob.titles("To do"))[0] === "Redirect the old addresses",
      SOON_MS,
    );
  });
});
