import { useEffect, useState } from "preact/hooks";
import { request } from "../api.ts";
import { copyText } from "../copy-text.ts";
import { session } from "../session.ts";
import { setTheme, type Theme, theme } from "../theme.ts";
import { showError, showToast } from "../toasts.ts";
import { agoText, momentText } from "../widgets/dates.ts";
import { Field, Problem } from "../widgets/field.tsx";
import { PageHead } from "./page-head.tsx";

export function Settings() {
  useEffect(() => {
    document.title = "Settings";
  }, []);
  return (
    <>
      <PageHead />
      <main class="page settings" id="main">
        <h1>Settings</h1>
        <Appearance />
        <Password />
        <Tokens />
      </main>
    </>
  );
}

function Appearance() {
  return (
    <section class="block" aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <fieldset class="choices in-row">
        <legend class="visually-hidden">Colours</legend>
        {(["system", "light", "dark"] as Theme[]).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              checked={theme.value === value}
              onChange={() => setTheme(value)}
            />
            {{ system: "As the system is", light: "Light", dark: "Dark" }[value]}
          </label>
        ))}
      </fieldset>
    </section>
  );
}

function Password() {
  const [problem, setProblem] = useState<string>();

  async function change(form: HTMLFormElement): Promise<void> {
    const data = new FormData(form);
    const reply = await request("PATCH", "/users/me", {
      currentPassword: String(data.get("current")),
      password: String(data.get("next")),
    });
    setProblem(reply.ok ? undefined : reply.error.message);
    if (!reply.ok) return;
    form.reset();
    showToast({ text: "The password was changed. All other devices are signed out." });
  }

  return (
    <section class="block" aria-labelledby="password">
      <h2 id="password">Password</h2>
      <p class="quiet-text">
        You are signed in as <strong>{session.value?.userId}</strong>. A new password signs you out everywhere
        else.
      </p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          change(event.currentTarget);
        }}
      >
        <Field
          label="Current password"
          name="current"
          type="password"
          autocomplete="current-password"
          required
        />
        <Field
          label="New password"
          name="next"
          type="password"
          autocomplete="new-password"
          minLength={8}
          maxLength={200}
          required
        />
        <Problem text={problem} />
        <div class="row">
          <button type="submit" class="button">
            Change the password
          </button>
          <button type="button" class="button quiet danger" onClick={signOutEverywhere}>
            Sign out everywhere
          </button>
        </div>
      </form>
    </section>
  );
}

async function signOutEverywhere(): Promise<void> {
  const reply = await request("DELETE", "/sessions");
  if (!reply.ok) return showError(reply.error);
  session.value = null;
}

interface Token {
  readonly id: string;
  readonly name: string;
  readonly scope: "read" | "write";
  /** ISO 8601, as the next. */
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

function Tokens() {
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
        <Field label="Name" name="name" required maxLength={100} placeholder="What it is for" />
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
