import { browserTest } from "../../../shared/testing/browser.ts";
import { until } from "../../../shared/testing/until.ts";
import { startBoards, visit } from "../../tests/board-page.ts";

browserTest("a name that was only visited is what somebody else has made of it meanwhile", async () => {
  const server = await startBoards();
  const alice = await visit(server, "alice");
  await alice.says("Live");
  const field = alice.list("Doing").getByLabel("List name");
  await field.focus();
  await server.store.run("bob", undefined, {
    type: "rename_list",
    listId: "list-doing",
    list: { name: "In progress" },
  });
  const renamed = alice.list("In progress").getByLabel("List name");
  await renamed.waitFor();
  await alice.page.keyboard.press("Tab");
  await until("the new name", async () => (await renamed.inputValue()) === "In progress", 20_000);

  // What is written there still is a new name. It comes directly after Bob's: the visit was no change.
  await renamed.fill("Under way");
  await renamed.press("Enter");
  await alice.list("Under way").waitFor();
  const lastTwo = async () => {
    const events = await server.store.eventsBefore("board-1", undefined, 2);
    return events.map(({ actorId, type }) => `${actorId} ${type}`).join();
  };
  await until("the log", async () => (await lastTwo()) === "alice list_renamed,bob list_renamed", 20_000);
});
