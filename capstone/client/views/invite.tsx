import { useEffect, useState } from "preact/hooks";
import type { Role } from "../../board/events.ts";
import { request } from "../api.ts";
import { replace } from "../router.ts";
import { hrefOf } from "../routes.ts";
import { session } from "../session.ts";
import { showError } from "../toasts.ts";
import { Message } from "./message.tsx";

interface Invitation {
  readonly boardName: string;
  readonly inviterName: string;
  readonly role: Role;
}

/** Where the link of an invitation leads. */
export function Invite({ token }: { readonly token: string }) {
  const [invitation, setInvitation] = useState<Invitation>();
  const [problem, setProblem] = useState<string>();
  const next = hrefOf({ view: "invite", token });
  const path = `/invitations/${encodeURIComponent(token)}`;

  useEffect(() => {
    request<Invitation>("GET", path).then((reply) => {
      if (reply.ok) setInvitation(reply.body);
      else
        setProblem(
          reply.status === 404
            ? "It has expired, or was withdrawn. Ask for another one."
            : reply.error.message,
        );
    });
  }, [path]);

  async function accept(): Promise<void> {
    const reply = await request<{ boardId: string }>("POST", `${path}/accept`, {});
    if (!reply.ok) return showError(reply.error);
    replace(`/b/${encodeURIComponent(reply.body.boardId)}`);
  }

  if (problem) {
    return (
      <Message title="This invitation is not valid">
        <p>{problem}</p>
        <a class="button" href="/">
          To your boards
        </a>
      </Message>
    );
  }
  if (!invitation) return <Message title="An invitation">Loading…</Message>;
  const may =
    invitation.role === "viewer" ? "You will be able to read it." : "You will be able to change it.";
  return (
    <Message title={`Join “${invitation.boardName}”`}>
      <p>
        {invitation.inviterName} invites you to this board. {may}
      </p>
      {session.value ? (
        <button type="button" class="button primary" onClick={accept}>
          Join as {session.value.name}
        </button>
      ) : (
        <div class="row">
          <a class="button primary" href={hrefOf({ view: "sign-in", next, isNew: true })}>
            Create an account
          </a>
          <a class="button primary" href={hrefOf({ view: "sign-in", next })}>
            Sign in
          </a>
        </div>
      )}
    </Message>
  );
}
