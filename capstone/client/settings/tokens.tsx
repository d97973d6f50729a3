import { useEffect, useState } from "preact/hooks";
import { ACCOUNT } from "../../board/limits.ts";
import { request } from "../api.ts";
import { copyText } from "../copy-text.ts";
import { showError } from "../toasts.ts";
import { agoText, momentText } from "../widgets/dates.ts";
import { Field } from "../widgets/field.tsx";

interface Token {
  readonly id: string;
  readonly name: string;
  readonly scope: "read" | "write";
  /** ISO 8601, as the next. */
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** Personal API tokens. */
export function Tokens() {
  const [tokens, setTokens] = useState<readonly Token[]>([]);
  const [secret, setSecret] = useState<string>();

  async function load(): Promise<void> {
    const reply = await request<{ tokens: Token[] }>("GET", "/tokens");
    if (reply.ok) setTokens(reply.body.tokens);
  }
  useEffect(() => {
    load();
  }, []);

  async function create(form: HTMLFormElement): Promise<void> {
    const data = new FormData(form);
    const reply = await request<{ token: string }>("POST", "/tokens", {
      name: String(data.get("name")),
      scope: data.get("scope"),
    });
    if (!reply.ok) return showError(reply.error);
    setSecret(reply.body.token);
    form.reset();
    load();
  }

  async function remove(id: string): Promise<void> {
    const reply = await request("DELETE", `/tokens/${encodeURIComponent(id)}`);
    if (!reply.ok) showError(reply.error);
    load();
  }

  return (
    <section class="block" aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      <p class="quiet-text">
        A program uses one instead of your password. What it can do is{" "}
        <a href="/docs" data-reload>
          described here
        </a>
        .
      </p>
      {secret && (
        <div class="notice" role="alert">
          <p>This is shown only once. Keep it where passwords are kept.</p>
          <div class="row">
            <code class="secret">{secret}</code>
            <button type="button" class="button" onClick={() => copyText(secret)}>
              Copy
            </button>
          </div>
        </div>
      )}
      <ul class="rows">
        {tokens.map((token) => (
          <li key={token.id}>
            <span>
              <strong>{token.name}</strong>
              <span class="quiet-text">
                {token.scope === "read" ? "Reads only" : "Reads and changes"} · made{" "}
                {momentText(token.createdAt)} ·{" "}
                {token.lastUsedAt === null ? "never used" : `used ${agoText(token.lastUsedAt)}`}
              </span>
            </span>
            <button
              type="button"
              class="button quiet danger"
              aria-label={`Delete the token ${token.name}`}
              onClick={() => remove(token.id)}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
      <form
        class="in-line"
        onSubmit={(event) => {
          event.preventDefault();
          create(event.currentTarget);
        }}
      >
        <Field label="Name" name="name" required maxLength={ACCOUNT.tokenName} placeholder="What it is for" />
        <div class="field">
          <label for="scope">May</label>
          <select id="scope" name="scope">
            <option value="read">read</option>
            <option value="write">read and change</option>
          </select>
        </div>
        <button type="submit" class="button">
          Make a token
        </button>
      </form>
    </section>
  );
}
