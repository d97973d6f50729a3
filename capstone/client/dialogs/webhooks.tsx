import { useEffect, useState } from "preact/hooks";
import { request } from "../api.ts";
import { useBoard } from "../board/context.ts";
import { showError } from "../toasts.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { Field, Problem } from "../widgets/field.tsx";

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly failures?: number;
  readonly disabledAt?: number | null;
  readonly enabled?: boolean;
}

/** Addresses of other programs that are told of every event. */
export function Webhooks({ onClose }: { onClose(): void }) {
  const { model } = useBoard();
  const [webhooks, setWebhooks] = useState<readonly Webhook[]>([]);
  const [problem, setProblem] = useState<string>();
  const [made, setMade] = useState<string>();
  const path = `/boards/${encodeURIComponent(model.boardId)}/webhooks`;

  async function load(): Promise<void> {
    const reply = await request<{ webhooks: Webhook[] }>("GET", path);
    if (reply.ok) setWebhooks(reply.body.webhooks);
    else setProblem(reply.error.message);
  }
  useEffect(() => {
    load();
  }, [path]);

  async function change(method: "PATCH" | "DELETE", id: string): Promise<void> {
    const body = method === "PATCH" ? { enabled: true } : undefined;
    const reply = await request(method, `${path}/${encodeURIComponent(id)}`, body);
    if (!reply.ok) showError(reply.error);
    load();
  }

  return (
    <Dialog title="Webhooks" onClose={onClose}>
      <div class="dialog-body">
        <p class="quiet-text">
          Every event of this board is sent to these addresses, signed with their secret. What fails is tried
          again; after 300 failures in a row, or when the receiver answers 410, the webhook is turned off.
        </p>
        <ul class="rows">
          {webhooks.map((webhook) => (
            <li key={webhook.id}>
              <span>
                <strong class="url">{webhook.url}</strong>
                <span class="quiet-text">{stateOf(webhook)}</span>
              </span>
              {isOff(webhook) && (
                <button type="button" class="button" onClick={() => change("PATCH", webhook.id)}>
                  Turn on
                </button>
              )}
              <button
                type="button"
                class="button quiet danger"
                aria-label={`Delete the webhook ${webhook.url}`}
                onClick={() => change("DELETE", webhook.id)}
              >
                Delete
              </button>
            </li>
          ))}
        </ul>
        <form
          class="stack"
          onSubmit={async (event) => {
            event.preventDefault();
            const form = event.currentTarget;
            const data = new FormData(form);
            const secret = data.get("secret") || undefined;
            const reply = await request<{ secret: string }>("POST", path, { url: data.get("url"), secret });
            setProblem(reply.ok ? undefined : reply.error.message);
            if (!reply.ok) return;
            setMade(secret ? undefined : reply.body.secret);
            form.reset();
            load();
          }}
        >
          <Field label="Address" name="url" type="url" required maxLength={2_000} placeholder="https://" />
          <Field
            label="Secret"
            name="secret"
            minLength={16}
            maxLength={200}
            autocomplete="off"
            hint="The receiver checks the signature with it. Leave it empty to have one made."
          />
          <Problem text={problem} />
          {made !== undefined && (
            <p class="notice" role="status">
              The secret, shown this once: <code>{made}</code>
            </p>
          )}
          <div class="row">
            <button type="submit" class="button">
              Add the webhook
            </button>
          </div>
        </form>
      </div>
    </Dialog>
  );
}

function isOff({ disabledAt, enabled }: Webhook): boolean {
  return enabled === false || (disabledAt !== undefined && disabledAt !== null);
}

function stateOf(webhook: Webhook): string {
  if (isOff(webhook)) return "Turned off: too many failures, or the receiver wants no more";
  const { failures = 0 } = webhook;
  return failures === 0
    ? "Works"
    : `The last ${failures === 1 ? "delivery" : `${failures} deliveries`} failed`;
}
