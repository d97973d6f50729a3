// Users, sessions, tokens, invitations and webhooks.
import { describe, expect, test } from "vitest";
import { CAPS } from "../caps.ts";
import type { ApiToken, Invitation } from "../store.ts";
import { accepted, boardId, type OpenStore, sampleBoard } from "./sample-board.ts";

const HOUR = 3_600_000;

export function accountRules(openStore: OpenStore): void {
  describe("accounts", () => {
    test("a user exists once, and has a password that can be changed", async () => {
      const { store } = await sampleBoard(openStore);
      const eve = { id: "eve", name: "Eve", passwordHash: "hash" };
      expect(await store.createUser(eve)).toBeUndefined();
      expect(await store.createUser({ ...eve, name: "Other" })).toMatchObject({ code: "exists" });
      expect(await store.user("eve")).toEqual(eve);
      await store.setPassword("eve", "new");
      expect(await store.user("eve")).toEqual({ ...eve, passwordHash: "new" });
      expect(await store.user("dave")).toEqual({ id: "dave", name: "Dave", passwordHash: undefined });
      expect(await store.user("nobody")).toBeUndefined();
    });

    test("sessions begin, expire and end", async () => {
      const { store } = await sampleBoard(openStore);
      const soon = Date.now() + HOUR;
      for (const id of ["s1", "s2", "s3"]) await store.createSession({ id, userId: "bob", expiresAt: soon });
      await store.createSession({ id: "other", userId: "alice", expiresAt: soon });
      expect(await store.session("s1", soon - 1)).toEqual({ id: "s1", userId: "bob", expiresAt: soon });
      expect(await store.session("s1", soon)).toBeUndefined();
      await store.endSession("s1");
      expect(await store.session("s1", 0)).toBeUndefined();
      expect(await store.liveSessions(["s1", "s2", "s3", "other", "x"], soon - 1)).toEqual(
        new Set(["s2", "s3", "other"]),
      );
      expect(await store.liveSessions(["s2"], soon)).toEqual(new Set());
      expect(await store.endOtherSessions("bob", "s2")).toEqual(["s3"]);
      expect(await store.liveSessions(["s2", "s3", "other"], 0)).toEqual(new Set(["s2", "other"]));
    });

    test("tokens: found by their hash, marked as used to the hour, deleted by their owner alone", async () => {
      const { store } = await sampleBoard(openStore);
      const token: ApiToken = {
        ...{ id: "t1", userId: "bob", name: "Calendar", scope: "read" },
        ...{ createdAt: 10 * HOUR, lastUsedAt: null },
      };
      expect(await store.createToken(token, "hash")).toBeUndefined();
      expect(await store.tokenByHash("other", 0)).toBeUndefined();
      expect(await store.tokenByHash("hash", 12 * HOUR + 1)).toEqual(token);
      // Nobody waits for the mark: but what is written next comes after it.
      await store.setPassword("bob", "x");
      expect(await store.tokensOf("bob")).toEqual([{ ...token, lastUsedAt: 12 * HOUR }]);
      expect(await store.deleteToken("alice", "t1")).toBe(false);
      expect(await store.deleteToken("bob", "t1")).toBe(true);
      expect(await store.tokenByHash("hash", 13 * HOUR)).toBeUndefined();
    });

    test("nobody has more tokens than there may be", async () => {
      const { store } = await sampleBoard(openStore);
      const make = (id: string) =>
        store.createToken(
          { id, userId: "bob", name: id, scope: "write", createdAt: 0, lastUsedAt: null },
          `hash ${id}`,
        );
      const results = await Promise.all(
        Array.from({ length: CAPS.tokens + 1 }, (_, index) => make(`t${index}`)),
      );
      expect(results.filter((result) => result === undefined)).toHaveLength(CAPS.tokens);
      expect(results.at(-1)).toMatchObject({ code: "limit_reached" });
    });
  });

  describe("invitations", () => {
    const END = Date.now() + HOUR;
    const link = (id: string, more: Partial<Invitation> = {}): Invitation => ({
      ...{ id, boardId, role: "editor", createdBy: "alice", expiresAt: END },
      ...more,
    });

    test("who has the link becomes a member, once, and joins by their own doing", async () => {
      const { store, events, head } = await sampleBoard(openStore);
      expect(await store.createInvitation("alice", link("i1"), "hash")).toBeUndefined();
      const shown = { ...link("i1"), boardName: "Sample", inviterName: "Alice" };
      expect(await store.invitationByHash("hash", END - 1)).toEqual(shown);
      const answer = await store.acceptInvitation("dave", "hash", END - 1);
      expect(answer).toMatchObject({ status: 200, body: { boardId, userId: "dave", role: "editor" } });
      const [event] = await store.eventsBefore(boardId, undefined, 1);
      expect(event).toMatchObject({ type: "member_added", actorId: "dave", seq: answer.seq });
      const before = await head();
      expect(await store.acceptInvitation("dave", "hash", END - 1)).toEqual(answer);
      // A link never takes away anything.
      expect(await store.acceptInvitation("alice", "hash", END - 1)).toMatchObject({
        body: { role: "owner" },
      });
      expect(await head()).toBe(before);
      expect(await events(before)).toEqual([]);
    });

    test("a link that has expired, was withdrawn, or is of somebody who is no owner any more is none", async () => {
      const { store, done } = await sampleBoard(openStore);
      for (const id of ["i1", "i2", "i3"]) await store.createInvitation("alice", link(id), id);
      expect((await store.invitationsOf(boardId, 0)).map(({ id }) => id)).toEqual(["i1", "i2", "i3"]);
      expect(await store.invitationsOf(boardId, END)).toEqual([]);
      expect(await store.invitationByHash("i1", END)).toBeUndefined();
      expect(await store.acceptInvitation("dave", "i1", END)).toMatchObject({ status: 404 });
      expect(await store.deleteInvitation("other", "i2")).toBe(false);
      expect(await store.deleteInvitation(boardId, "i2")).toBe(true);
      expect(await store.acceptInvitation("dave", "i2", 0)).toMatchObject({ status: 404 });
      await done("alice", { type: "change_member", boardId, userId: "bob", role: "owner" });
      await done("bob", { type: "change_member", boardId, userId: "alice", role: "editor" });
      expect(await store.acceptInvitation("dave", "i3", 0)).toMatchObject({ status: 404 });
      expect(await store.acceptInvitation("nobody", "i3", 0)).toMatchObject({ status: 404 });
      expect(await store.roleOf("dave", boardId)).toBeUndefined();
    });

    test("who is removed does not come back by a link; who leaves by themselves may", async () => {
      const { store, done, refused } = await sampleBoard(openStore);
      const remove = (userId: string) => ({ type: "remove_member", boardId, userId }) as const;
      for (const id of ["i1", "i2"]) await store.createInvitation("alice", link(id), id);
      accepted(await store.createBoard("alice", { id: "other", name: "Other" }));
      await store.createInvitation("alice", link("far", { boardId: "other" }), "far");
      await store.acceptInvitation("dave", "i1", 0);
      await done("dave", remove("dave"));
      expect(await store.acceptInvitation("dave", "i1", 0)).toMatchObject({ status: 200 });
      await refused("bob", remove("dave"));
      await refused("alice", remove("nobody"));
      expect(await store.invitationsOf(boardId, 0)).toHaveLength(2);

      await done("alice", remove("dave"));
      expect(await store.invitationsOf(boardId, 0)).toEqual([]);
      expect(await store.invitationByHash("i1", 0)).toBeUndefined();
      expect(await store.acceptInvitation("dave", "i2", 0)).toMatchObject({ status: 404 });
      expect(await store.roleOf("dave", boardId)).toBeUndefined();
      expect(await store.invitationsOf("other", 0)).toHaveLength(1);
    });

    test("only owners make them, and not without end", async () => {
      const { store } = await sampleBoard(openStore);
      const later = { expiresAt: Date.now() + HOUR };
      expect(await store.createInvitation("bob", link("x", later), "x")).toMatchObject({ code: "forbidden" });
      expect(await store.createInvitation("dave", link("x", later), "x")).toMatchObject({
        code: "not_found",
      });
      for (let index = 0; index < CAPS.invitations; index++) {
        await store.createInvitation("alice", link(`i${index}`, later), `hash ${index}`);
      }
      expect(await store.createInvitation("alice", link("x", later), "x")).toMatchObject({
        code: "limit_reached",
      });
    });
  });

  describe("webhooks", () => {
    test("hear of what comes after them, can be disabled, and belong to their board", async () => {
      const { store, head } = await sampleBoard(openStore);
      const row = { id: "w1", boardId, url: "https://example.com", secret: "s" };
      const made = { ...row, cursor: await head(), failures: 0, disabledAt: null };
      expect(accepted(await store.createWebhook(row))).toEqual(made);
      expect(await store.createWebhook({ ...row, id: "w2", boardId: "nothing" })).toMatchObject({
        code: "not_found",
      });
      expect(await store.boardsWithWebhooks()).toEqual([boardId]);
      await store.updateWebhook("w1", { failures: 2 });
      await store.updateWebhook("w1", { cursor: 12, disabledAt: 5 });
      expect(await store.webhook("w1")).toEqual({ ...made, cursor: 12, failures: 2, disabledAt: 5 });
      expect(await store.boardsWithWebhooks()).toEqual([]);
      await store.updateWebhook("w1", { disabledAt: null });
      expect(await store.boardsWithWebhooks()).toEqual([boardId]);
      expect(await store.deleteWebhook("other", "w1")).toBe(false);
      expect(await store.deleteWebhook(boardId, "w1")).toBe(true);
      expect([await store.webhook("w1"), await store.webhooksOf(boardId)]).toEqual([undefined, []]);
    });

    test("a board has no more than there may be", async () => {
      const { store } = await sampleBoard(openStore);
      const make = (id: string) =>
        store.createWebhook({ id, boardId, url: "https://example.com", secret: "s" });
      for (let index = 0; index < CAPS.webhooks; index++) accepted(await make(`w${index}`));
      expect(await make("x")).toMatchObject({ code: "limit_reached" });
      expect(await store.webhooksOf(boardId)).toHaveLength(CAPS.webhooks);
    });
  });
}
