import { expect } from "vitest";
import { request } from "../../../shared/testing/exercise-clients.ts";
import { type Log, test } from "../../../shared/testing/exercise-test.ts";
import { type Fields, openTaskForm } from "./exercise.ts";
import { createTaskServer } from "./task-server.ts";

/** Bob has the form of task-1 open. */
async function openBobsForm(log: Log) {
  const server = createTaskServer();
  /** Runs when Bob's next PATCH is on its way. */
  let meanwhile = async () => {};

  async function send(line: string, body?: object) {
    if (line.startsWith("PATCH")) await meanwhile();
    const answer = await request(log, "bob", server, line, body && { body });
    return answer.status === 200 ? answer.body : undefined;
  }

  const form = await openTaskForm(send, "task-1");
  return {
    form,
    /** Bob changes this in the form, and presses Save. */
    async bobSaves(change: Partial<Fields>): Promise<void> {
      log(`bob changes ${Object.keys(change).join(" and ")}, and saves`);
      form.change(change);
      await form.save();
    },
    alicePatches: (change: Partial<Fields>) =>
      request(log, "alice", server, "PATCH /tasks/task-1", { body: change }),
    whileBobsPatchIsOnItsWay(run: () => Promise<unknown>): void {
      meanwhile = async () => {
        meanwhile = async () => {};
        await run();
      };
    },
    /** What everybody sees who opens the board now. */
    async taskOnServer(): Promise<Fields> {
      const { body } = await request(log, "carol", server, "GET /tasks/task-1");
      const { title, description, assigneeId, listId } = body;
      return { title, description, assigneeId, listId };
    },
  };
}

const DRAWN: Fields = {
  title: "Draw the logo",
  description: "In blue",
  assigneeId: "bob",
  listId: "list-todo",
};

test("a rename leaves the card where somebody else has moved it", async ({ log }) => {
  const { alicePatches, bobSaves, taskOnServer } = await openBobsForm(log);
  await alicePatches({ listId: "list-doing" });
  await bobSaves({ title: "Draw two logos" });
  expect(await taskOnServer(), "the task on the server").toEqual({
    ...DRAWN,
    title: "Draw two logos",
    listId: "list-doing",
  });
});

test("a move leaves the description that somebody else has written", async ({ log }) => {
  const { alicePatches, bobSaves, taskOnServer } = await openBobsForm(log);
  await alicePatches({ description: "In red" });
  await bobSaves({ listId: "list-done" });
  expect(await taskOnServer(), "the task on the server").toEqual({
    ...DRAWN,
    description: "In red",
    listId: "list-done",
  });
});

test("a description can be emptied, and a task can be nobody's", async ({ log }) => {
  const { bobSaves, taskOnServer } = await openBobsForm(log);
  await bobSaves({ description: "", assigneeId: null });
  expect(await taskOnServer(), "the task on the server").toEqual({
    ...DRAWN,
    description: "",
    assigneeId: null,
  });
});

test("a new title can be taken back", async ({ log }) => {
  const { bobSaves, taskOnServer } = await openBobsForm(log);
  await bobSaves({ title: "Draw two logos" });
  await bobSaves({ title: "Draw the logo" });
  expect(await taskOnServer(), "the task on the server").toEqual(DRAWN);
});

test("what was saved once is not sent again", async ({ log }) => {
  const { alicePatches, bobSaves, taskOnServer } = await openBobsForm(log);
  await bobSaves({ title: "Draw two logos" });
  await alicePatches({ title: "Draw three logos" });
  await bobSaves({ description: "In red" });
  expect(await taskOnServer(), "the task on the server").toEqual({
    ...DRAWN,
    title: "Draw three logos",
    description: "In red",
  });
});

test("the form shows what was typed, and after a save what the server has", async ({ log }) => {
  const { alicePatches, form } = await openBobsForm(log);
  await alicePatches({ listId: "list-doing" });
  log("bob changes title, and looks at it");
  form.change({ title: "Draw two logos" });
  const typed = form.fields();
  log("bob saves");
  const isSaved = await form.save();
  expect({ typed, isSaved, afterwards: form.fields() }, "what the form shows, and what `save` says").toEqual({
    typed: { ...DRAWN, title: "Draw two logos" },
    isSaved: true,
    afterwards: { ...DRAWN, title: "Draw two logos", listId: "list-doing" },
  });
});

test("a move that comes while the rename is on its way stays as well", async ({ log }) => {
  const { alicePatches, bobSaves, taskOnServer, whileBobsPatchIsOnItsWay } = await openBobsForm(log);
  whileBobsPatchIsOnItsWay(() => alicePatches({ listId: "list-doing" }));
  await bobSaves({ title: "Draw two logos" });
  expect(await taskOnServer(), "the task on the server").toEqual({
    ...DRAWN,
    title: "Draw two logos",
    listId: "list-doing",
  });
});
