import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { go } from "../router.ts";
import { session } from "../session.ts";
import { lossesOf, lossesText, signOut } from "../sign-out.ts";
import { showError } from "../toasts.ts";
import { Dialog } from "./dialog.tsx";

/**
 * Signs out, and asks before if something would be lost.
 * @returns what begins it, and the question, to be drawn somewhere
 */
export function useSignOut(isEverywhere = false): { begin(): Promise<void>; question: VNode | undefined } {
  const [text, setText] = useState<string>();

  async function begin(): Promise<void> {
    const { userId } = session.peek() ?? {};
    if (userId === undefined) return;
    const losses = lossesText(await lossesOf(userId));
    if (losses === undefined) await end();
    else setText(losses);
  }

  async function end(): Promise<void> {
    const { userId } = session.peek() ?? {};
    if (userId === undefined) return;
    const reply = await signOut({ userId, isEverywhere, leave: () => go("/sign-in") });
    setText(undefined);
    if (!reply.ok) showError(reply.error);
  }

  const question =
    text === undefined ? undefined : (
      <Dialog title="Sign out?" kind="small" onClose={() => setText(undefined)}>
        <div class="dialog-body stack">
          <p>{text}</p>
          <div class="row end">
            <button type="button" class="button primary" onClick={() => setText(undefined)}>
              Stay signed in
            </button>
            <button type="button" class="button danger" onClick={end}>
              Sign out and lose {text.endsWith("it?") ? "it" : "them"}
            </button>
          </div>
        </div>
      </Dialog>
    );
  return { begin, question };
}
