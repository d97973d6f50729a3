// Signing out leaves nothing of the user on this device: no change that waits, no board as it was last seen, no draft. A session that
// ends by itself leaves everything: the user will want it when they sign in again.

import { announcement } from "./announce.ts";
import { type Reply, request } from "./api.ts";
import { forgetDrafts, unsavedTexts } from "./drafts.ts";
import { closeOutbox, countRefusedTexts, countWaiting, forgetOutbox } from "./outboxes.ts";
import { leaveSession } from "./session.ts";
import { clearToasts } from "./toasts.ts";

/** What signing out would destroy. */
export interface Losses {
  /** Changes that have not reached the server. */
  readonly changes: number;
  /** Texts that were written and not saved, also because the server has refused them. */
  readonly texts: number;
}

export async function lossesOf(userId: string, storage: Storage = localStorage): Promise<Losses> {
  const changes = await countWaiting(userId).catch(() => 0);
  const refused = await countRefusedTexts(userId).catch(() => 0);
  return { changes, texts: unsavedTexts(storage, userId) + refused };
}

/** @returns undefined if nothing would be lost */
export function lossesText({ changes, texts }: Losses): string | undefined {
  const sentences = [
    changes > 0 &&
      (changes === 1 ? "1 change has" : `${changes} changes have`).concat(" not reached the server."),
    texts > 0 && (texts === 1 ? "1 text is" : `${texts} texts are`).concat(" written but not saved."),
  ].filter(Boolean);
  if (sentences.length === 0) return undefined;
  const them = changes + texts === 1 ? "it" : "them";
  return [...sentences, `Sign out and lose ${them}?`].join(" ");
}

export interface SignOutOptions {
  readonly userId: string;
  /** On all devices. */
  readonly isEverywhere: boolean;
  /** Leaves the page: it may write for as long as it is there. */
  leave(): void;
  readonly storage?: Storage;
}

/** Nothing is forgotten before the server has ended the session: without it the next one here would still be that user. */
export async function signOut({
  userId,
  isEverywhere,
  leave,
  storage = localStorage,
}: SignOutOptions): Promise<Reply<void>> {
  const reply = await request<void>("DELETE", isEverywhere ? "/sessions" : "/session");
  if (!reply.ok && reply.status !== 401) return reply;
  leaveSession(userId, true);
  clearPage(leave);
  await forgetOutbox(userId);
  forgetDrafts(storage, userId);
  return { ok: true, status: 204, body: undefined };
}

/** The same user has signed out in another tab. That one forgets everything; this one lets go of it. */
export async function signedOutElsewhere(userId: string, leave: () => void): Promise<void> {
  leaveSession(userId, false);
  clearPage(leave);
  await closeOutbox(userId);
}

function clearPage(leave: () => void): void {
  leave();
  clearToasts();
  announcement.value = "";
}
