import { describe, expect } from "vitest";
import { browserTest } from "../../shared/testing/browser.ts";
import { until } from "../../shared/testing/until.ts";
import { type BoardPage, startBoards, visit } from "./board-page.ts";

/** What either waits for of the other, in milliseconds. */
const SOON_MS = 20_000;

async function openTwo(live = {}) {
  const server = await startBoards({ live });
  const [alice, bob] = await Promise.all([visit(server, "alice"), visit(server, "bob")]);
  await Promise.all([alice.says("Live"), bob.says("Live")]);
  return { server, alice, bob };
}

function untilOrder(who: BoardPage, listName: string, isRight: (titles: string[]) => boolean) {
  return until(`${listName} to be right`, async () => isRight(await who.titles(listName)), SOON_MS);
}

describe("what one does, the other sees", () => {
  browserTest("adding and editing a card", async () => {
    const { alice, bob } = await openTwo();
    await bob.add("To do", "Order the cake");
    await alice.card("Order the cake").waitFor();
    expect((await alice.titles("To do")).at(-1)).toBe("Order the cake");

    const dialog = await alice.open("Order the cake");
    await dialog.getByLabel("Title", { exact: true }).fill("Order two cakes");
    await alice.page.keyboard.press("Enter");
    await bob.card("Order two cakes").waitFor();
    await dialog.getByLabel("Description").fill("One of them without nuts");
    await dialog.getByRole("button", { name: "Save" }).click();
    await bob.card("Order two cakes").getByText("Has a description").waitFor();
    await dialog.getByLabel("Write a comment").fill("By Friday");
    await dialog.getByRole("button", { name: "Comment", exact: true }).click();
    await bob.card("Order two cakes").getByText("1 comment").waitFor();
    expect(await bob.card("Order the cake").count()).toBe(0);
  });

  browserTest(
    "an edit that is given up with Escape is none, and one that is made with Enter is one",
    async () => {
      const { server, alice, bob } = await openTwo();
      const before = await server.store.head("board-1");
      const title = (await alice.open("Draw the logo")).getByLabel("Title", { exact: true });
      await title.fill("Never mind");
      await alice.page.keyboard.press("Escape");
      expect(await title.inputValue()).toBe("Draw the logo");
      await title.fill("Draw a badge");
      await alice.page.keyboard.press("Enter");
      await bob.card("Draw a badge").waitFor();
      expect((await server.store.head("board-1"))?.seq).toBe((before?.seq ?? 0) + 1);
    },
  );

  browserTest(
    "a click beside the empty field of a new card closes it, and does what it was for",
    async () => {
      const { alice, bob } = await openTwo();
      await alice.add("To do", "A card too many");
      await bob.card("A card too many").waitFor();
      // The field takes room from the cards. It must not give it back between the button's going down and its coming up.
      await alice.card("A card too many").hover();
      const menu = alice.page.getByRole("button", { name: "Actions for “A card too many”" });
      await menu.click({ delay: 200 });
      await alice.page.locator("[role=menuitem]").getByText("Delete", { exact: true }).click();
      await bob.card("A card too many").waitFor({ state: "detached" });
      await alice.list("To do").getByRole("button", { name: "Add a card to To do" }).waitFor();
    },
  );

  browserTest("dragging a card to another list, and within one", async () => {
    const { alice, bob } = await openTwo();
    await alice.dragBefore("Write the release notes", "Make the first page load in a second");
    const order = ["Draw the logo", "Write the release notes", "Make the first page load in a second"];
    await untilOrder(bob, "Doing", (titles) => titles.slice(0, 3).join() === order.join());
    expect(await bob.titles("To do")).not.toContain("Write the release notes");

    await bob.dragBefore("Write the release notes", "Draw the logo");
    await untilOrder(alice, "Doing", ([first]) => first === "Write the release notes");
    expect(await bob.titles("Doing")).toEqual(await alice.titles("Doing"));
  });

  browserTest("moving a card with the keyboard alone, which is said, and keeps the focus on it", async () => {
    const { alice, bob } = await openTwo();
    await alice.page.getByRole("link", { name: "Draw the logo", exact: true }).focus();
    await alice.page.keyboard.press("m");
    await press(alice, "Move to list");
    await press(alice, "Done");
    await untilOrder(bob, "Done", (titles) => titles.at(-1) === "Draw the logo");
    const said = alice.page.locator("[data-announcement]");
    expect(await said.textContent()).toBe("Moved “Draw the logo” to Done, position 5 of 5");
    const focused = alice.page.getByRole("link", { name: "Draw the logo", exact: true });
    await until("the focus", () => focused.evaluate((link) => link === document.activeElement), SOON_MS);

    await alice.page.keyboard.press("m");
    await press(alice, "To the top");
    await untilOrder(bob, "Done", ([first]) => first === "Draw the logo");
    // Bob hears it too, in a live region and not by a change of focus.
    const heard = bob.page.locator("[data-announcement]");
    await until("Bob to be told", async () =>
      /Alice moved “Draw the logo” to Done/.test((await heard.textContent()) ?? ""),
    );
    expect(await bob.page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  browserTest("deleting a card, and taking that back by the message and by Ctrl+Z", async () => {
    const { alice, bob } = await openTwo();
    await alice.choose("Draw the logo", "Delete");
    await bob.card("Draw the logo").waitFor({ state: "detached" });
    await alice.toast("“Draw the logo” was deleted.").getByRole("button", { name: "Undo" }).click();
    await untilOrder(bob, "Doing", ([first]) => first === "Draw the logo");

    await bob.choose("Buy the domain", "Delete");
    await alice.card("Buy the domain").waitFor({ state: "detached" });
    await bob.page.keyboard.press("Control+z");
    await untilOrder(alice, "Done", ([first]) => first === "Buy the domain");
    await bob.page.keyboard.press("Control+Shift+z");
    await alice.card("Buy the domain").waitFor({ state: "detached" });
  });

  browserTest("lists: a new one, another name, another place, and gone", async () => {
    const { alice, bob } = await openTwo();
    const names = (who: BoardPage) => who.page.locator("[data-list-id] h2").allTextContents();
    await alice.page.getByRole("button", { name: "Add a list" }).click();
    await alice.page.getByLabel("Name of the new list").fill("Later");
    await alice.page.keyboard.press("Enter");
    await bob.list("Later").waitFor();
    await bob.list("Later").getByLabel("List name").fill("Some day");
    await bob.page.keyboard.press("Enter");
    await alice.list("Some day").waitFor();
    await bob
      .list("Some day")
      .getByRole("button", { name: /^Actions for the list/ })
      .click();
    await press(bob, "Move left");
    await until(
      "the order",
      async () => (await names(alice)).join() === "To do,Doing,Some day,Done",
      SOON_MS,
    );
    await alice
      .list("Done")
      .getByRole("button", { name: /^Actions for the list/ })
      .click();
    await press(alice, "Delete list");
    await alice.dialog.getByText("The 4 cards in it are deleted with it").waitFor();
    await alice.dialog.getByRole("button", { name: "Delete the list" }).click();
    await bob.list("Done").waitFor({ state: "detached" });
    await alice
      .toast("The list “Done” was deleted with its 4 cards.")
      .getByRole("button", { name: "Undo" })
      .click();
    await bob.card("Buy the domain").waitFor();
  });
});

describe("who is here", () => {
  browserTest("who else looks at the board, what they edit, and that they type a new card", async () => {
    const { alice, bob } = await openTwo({ graceMs: 300, typingMs: 1_500 });
    const others = (who: BoardPage) =>
      who.page.getByRole("list", { name: "Who else is here" }).getByRole("img");
    await others(alice).and(alice.page.getByLabel("Bob is here")).or(others(alice)).first().waitFor();
    expect(await others(alice).count()).toBe(1);

    const dialog = await bob.open("Draw the logo");
    await dialog.getByLabel("Description").pressSequentially(" And");
    await alice.card("Draw the logo").getByText("Bob is editing").waitFor();
    await alice.open("Draw the logo");
    await alice.dialog.getByText("Bob is editing").waitFor();
    await dialog.getByRole("button", { name: "Discard" }).click();
    await bob.page.keyboard.press("Escape");
    await alice.page.getByText("Bob is editing").first().waitFor({ state: "detached" });
    await alice.page.keyboard.press("Escape");

    await bob.list("Done").getByRole("button", { name: "Add a card to Done" }).click();
    await bob.page.keyboard.type("Pa");
    await alice.page.getByText("Bob is typing a new card").waitFor();
    await bob.close();
    await alice.page.getByText("Bob is typing a new card").waitFor({ state: "detached" });
    await until("Bob to be gone", async () => (await others(alice).count()) === 0, SOON_MS);
  });
});

describe("nobody is disturbed", () => {
  browserTest(
    "a text that is being written stays, with its caret, whatever becomes of the card",
    async () => {
      const { alice, bob } = await openTwo();
      const field = (await alice.open("Draw the logo")).getByLabel("Description");
      await field.fill("My own words");
      await field.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(3, 6));
      const written = () =>
        field.evaluate((area: HTMLTextAreaElement) => ({
          text: area.value,
          caret: [area.selectionStart, area.selectionEnd],
          hasFocus: area === document.activeElement,
        }));
      const before = await written();
      expect(before).toEqual({ text: "My own words", caret: [3, 6], hasFocus: true });

      const theirs = (await bob.open("Draw the logo")).getByLabel("Description");
      await theirs.fill("Bob's words");
      await bob.page.keyboard.press("Control+Enter");
      await alice.dialog.getByText("Bob has changed this.").waitFor();
      await bob.dialog.getByLabel("Title", { exact: true }).fill("Draw two logos");
      await bob.page.keyboard.press("Enter");
      await bob.page.keyboard.press("Escape");
      await bob.choose("Draw two logos", "Move to list", "Done");
      await until("the move", async () => (await alice.titles("Done")).includes("Draw two logos"), SOON_MS);
      expect(await written()).toEqual(before);
      expect(await alice.dialog.getByLabel("Title", { exact: true }).inputValue()).toBe("Draw two logos");
    },
  );

  browserTest(
    "a new card's text, the focus on a card and the place in a long list stay where they are",
    async () => {
      const { server, alice, bob } = await openTwo();
      for (let each = 1; each <= 30; each += 1) {
        const task = { listId: "list-todo", title: `Card ${each}` };
        await server.store.run("alice", undefined, { type: "create_task", task });
      }
      await alice.card("Card 30").waitFor();
      const field = alice.list("Doing").getByLabel("Title of the new card in Doing");
      await alice.list("Doing").getByRole("button", { name: "Add a card to Doing" }).click();
      await field.pressSequentially("Half a tit");
      await field.press("ArrowLeft");
      const cards = alice.list("To do").locator("[data-cards]");
      const seenAt = () => alice.card("Card 20").boundingBox();
      await cards.evaluate((element) => {
        element.scrollTop = 1_200;
      });
      const place = await seenAt();
      await bob.dragBefore("Draw the logo", "Write the release notes");
      await bob.add("Doing", "Another card");
      await alice.card("Another card").waitFor();
      await untilOrder(alice, "To do", ([first]) => first === "Draw the logo");
      const { value, caret, hasFocus } = await field.evaluate((area: HTMLTextAreaElement) => ({
        value: area.value,
        caret: area.selectionStart,
        hasFocus: area === document.activeElement,
      }));
      expect({ value, caret, hasFocus }).toEqual({ value: "Half a tit", caret: 9, hasFocus: true });
      // What Alice looks at is still under her eyes, although there is one card more above it.
      expect(Math.abs(((await seenAt())?.y ?? 0) - (place?.y ?? 0))).toBeLessThan(3);

      const link = alice.page.getByRole("link", { name: "Buy the domain", exact: true });
      await link.focus();
      await bob.choose("Buy the domain", "Move to list", "Doing");
      await untilOrder(alice, "Doing", (titles) => titles.at(-1) === "Buy the domain");
      expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    },
  );

  browserTest(
    "a drag goes on while others change the board, and ends calmly when its card is deleted",
    async () => {
      const { alice, bob } = await openTwo();
      const taken = await alice.take("Write the release notes");
      await taken.over(alice.card("Draw the logo"), 0.75);
      await bob.add("Doing", "While she drags");
      await bob.choose("Draw the logo", "Delete");
      await bob.choose("Buy the domain", "Move to list", "Doing");
      await untilOrder(alice, "Doing", (titles) => titles.at(-1) === "Buy the domain");
      expect(await alice.page.locator("[data-dragged]").count()).toBe(1);
      await taken.over(alice.card("Buy the domain"));
      await taken.drop();
      const order = ["While she drags", "Write the release notes", "Buy the domain"];
      await untilOrder(bob, "Doing", (titles) => titles.slice(-3).join() === order.join());

      const other = await alice.take("Check the page on a phone");
      await other.over(alice.card("While she drags"));
      await bob.choose("Check the page on a phone", "Delete");
      await alice.card("Check the page on a phone").waitFor({ state: "detached" });
      await other.over(alice.card("Choose the typeface"));
      await other.drop();
      // She can go on at once.
      await alice.dragBefore("Choose the typeface", "Write the release notes");
      await untilOrder(bob, "Doing", (titles) => titles.includes("Choose the typeface"));
      expect(await alice.page.locator("[data-dragged]").count()).toBe(0);
      expect(await bob.card("Check the page on a phone").count()).toBe(0);
    },
  );

  browserTest(
    "cards that others move glide to their places, and jump for those who want no motion",
    async () => {
      const server = await startBoards();
      const countAnimations = {
        prepare: (context: { addInitScript(script: () => void): Promise<unknown> }) =>
          context.addInitScript(() => {
            const { animate } = Element.prototype;
            Element.prototype.animate = function (...given) {
              document.documentElement.dataset.animated = "yes";
              return animate.apply(this, given);
            };
          }) as Promise<void>,
      };
      const alice = await visit(server, "alice", countAnimations);
      const calm = await visit(server, "alice", { ...countAnimations, context: { reducedMotion: "reduce" } });
      const bob = await visit(server, "bob");
      await Promise.all([alice.says("Live"), calm.says("Live"), bob.says("Live")]);
      await bob.choose("Write the release notes", "To the bottom");
      const moved = (titles: string[]) => titles.at(-1) === "Write the release notes";
      await Promise.all([untilOrder(alice, "To do", moved), untilOrder(calm, "To do", moved)]);
      await alice.page.locator("html[data-animated]").waitFor();
      expect(await calm.page.locator("html[data-animated]").count()).toBe(0);

      await bob.open("Draw the logo");
      await bob.dialog.getByLabel("Description").pressSequentially("x");
      await calm.page.getByText("Bob is editing").waitFor();
      const moving = () =>
        calm.page.evaluate(
          () =>
            document
              .getAnimations()
              .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration ?? 0) > 10).length,
        );
      expect(await moving()).toBe(0);
    },
  );
});

/** Goes to an item of the open menu with the arrow keys, and chooses it. */
async function press({ page }: BoardPage, item: string): Promise<void> {
  const focused = page.locator("[role^=menuitem]:focus");
  await focused.waitFor();
  for (let step = 0; step < 20; step += 1) {
    if ((await focused.textContent()) === item) return page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`The menu has no item “${item}”`);
}
