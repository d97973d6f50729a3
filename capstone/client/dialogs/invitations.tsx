import { useEffect, useState } from "preact/hooks";
import { request } from "../api.ts";
import { useBoard } from "../board/context.ts";
import { copyText } from "../copy-text.ts";
import { showError } from "../toasts.ts";
import { momentText } from "../widgets/dates.ts";

interface Invitation {
  readonly id: string;
  readonly role: "editor" | "viewer";
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Links by which somebody can join. */
export function Invitations() {
  const { model } = useBoard();
  const [invitations, setInvitations] = useState<readonly Invitation[]>([]);
  const [made, setMade] = useState<{ readonly id: string; readonly href: string }>();
  const members = model.members.value;
  const path = `/boards/${encodeURIComponent(model.boardId)}/invitations`;

  async function load(): Promise<void> {
    const reply = await request<{ invitations: Invitation[] }>("GET", path);
    if (reply.ok) setInvitations(reply.body.invitations);
  }
  // Also after somebody was removed: that ends them all.
  useEffect(() => {
    load();
  }, [path, members]);
  const link = invitations.some(({ id }) => id === made?.id) ? made?.href : undefined;

  async function create(role: string): Promise<void> {
    const reply = await request<Invitation & { token: string }>("POST", path, { role });
    if (!reply.ok) return showError(reply.error);
    const { id, token } = reply.body;
    setMade({ id, href: new URL(`/invite/${encodeURIComponent(token)}`, location.href).href });
    load();
  }

  async function withdraw(id: string): Promise<void> {
    const reply = await request("DELETE", `${path}/${encodeURIComponent(id)}`);
    if (!reply.ok) showError(reply.error);
    load();
  }

  return (
    <section class="sub-block" aria-labelledby="invitations">
      <h3 id="invitations">Invitation links</h3>
      <p class="quiet-text">Whoever has the link can join, until it expires.</p>
      {link && (
        <div class="row">
          <input
            class="link-field"
            readOnly
            aria-label="The link"
            value={link}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button type="button" class="button primary" onClick={() => copyText(link)}>
            Copy
          </button>
        </div>
      )}
      <ul class="rows">
        {invitations.map((invitation) => (
          <li key={invitation.id}>
            <span>
              <strong>{invitation.role === "editor" ? "As an editor" : "As a viewer"}</strong>
              <span class="quiet-text">until {momentText(invitation.expiresAt)}</span>
            </span>
            <button type="button" class="button quiet danger" onClick={() => withdraw(invitation.id)}>
              Withdraw
              <span class="visually-hidden"> the invitation until {momentText(invitation.expiresAt)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class="row">
        <button type="button" class="button" onClick={() => create("editor")}>
          Link for an editor
        </button>
        <button type="button" class="button" onClick={() => create("viewer")}>
          Link for a viewer
        </button>
      </div>
    </section>
  );
}
