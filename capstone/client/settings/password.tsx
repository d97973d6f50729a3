import { useState } from "preact/hooks";
import { ACCOUNT } from "../../board/limits.ts";
import { request } from "../api.ts";
import { session } from "../session.ts";
import { showToast } from "../toasts.ts";
import { Field, Problem } from "../widgets/field.tsx";
import { useSignOut } from "../widgets/sign-out.tsx";

export function Password() {
  const [problem, setProblem] = useState<string>();
  const { begin, question } = useSignOut(true);

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
          minLength={ACCOUNT.minPassword}
          maxLength={ACCOUNT.maxPassword}
          hint={`At least ${ACCOUNT.minPassword} characters.`}
          required
        />
        <Problem text={problem} />
        <div class="row">
          <button type="submit" class="button">
            Change the password
          </button>
          <button type="button" class="button quiet danger" onClick={begin}>
            Sign out everywhere
          </button>
        </div>
      </form>
      {question}
    </section>
  );
}
