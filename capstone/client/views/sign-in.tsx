import { useEffect, useState } from "preact/hooks";
import { ACCOUNT } from "../../board/limits.ts";
import { request } from "../api.ts";
import { arrive } from "../arrival.ts";
import { replace } from "../router.ts";
import { parseRoute } from "../routes.ts";
import { type Session, signIn, signInAsDemo, signUp } from "../session.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { Field, Problem } from "../widgets/field.tsx";
import { Mark } from "../widgets/icons.tsx";

export interface SignInProps {
  /** Where to go afterwards. */
  readonly next: string;
  /** Whoever comes here has no account, they say. */
  readonly isNew: boolean;
}

export function SignIn({ next, isNew: isNewAtFirst }: SignInProps) {
  const isInvited = invitationIn(next) !== undefined;
  const mayJoin = isInvited || !document.querySelector("meta[name=sign-up][content=closed]");
  const [isNew, setNew] = useState(isNewAtFirst && mayJoin);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const [demoUsers, setDemoUsers] = useState<readonly Session[]>([]);

  useEffect(() => {
    document.title = "Sign in";
    request<Session[]>("GET", "/demo-users").then((reply) => {
      if (reply.ok) setDemoUsers(reply.body);
    });
  }, []);

  async function send(act: () => ReturnType<typeof signIn>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    const reply = await act();
    setBusy(false);
    if (!reply.ok) return setProblem(reply.error.message);
    arrive();
    replace(next);
  }

  const demo = demoUsers.length > 0 && (
    <section class="demo" aria-label="Demo users">
      {isInvited && (
        <p class="or">
          <span>or try it as</span>
        </p>
      )}
      {!isInvited && <p class="card-label">Try it as</p>}
      <ul>
        {demoUsers.map((user) => (
          <li key={user.userId}>
            <button
              type="button"
              class="button demo-user"
              disabled={isBusy}
              onClick={() => send(() => signInAsDemo(user.userId))}
            >
              <Avatar person={user} title="" />
              {user.name}
            </button>
          </li>
        ))}
      </ul>
      {!isInvited && (
        <p class="or">
          <span>or with a password</span>
        </p>
      )}
    </section>
  );

  return (
    <main class="narrow-page" id="main">
      <div class="brand">
        <Mark />
        <h1>{isNew ? "Create an account" : "Sign in"}</h1>
        <p class="quiet-text">Boards that several people change at the same time.</p>
      </div>
      {!isInvited && demo}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const value = (name: string) => String(form.get(name) ?? "");
          send(() =>
            isNew
              ? signUp(
                  { userId: value("userId"), name: value("name"), password: value("password") },
                  invitationIn(next),
                )
              : signIn(value("userId"), value("password")),
          );
        }}
      >
        <Field
          label="User name"
          name="userId"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          maxLength={64}
          pattern={isNew ? ACCOUNT.userId : undefined}
          title={isNew ? ACCOUNT.userIdInWords : undefined}
          hint={isNew ? `Others find you by it: ${ACCOUNT.userIdInWords}.` : undefined}
        />
        {isNew && (
          <Field
            label="Your name, as others see it"
            name="name"
            autocomplete="name"
            required
            maxLength={ACCOUNT.name}
          />
        )}
        <Field
          label="Password"
          name="password"
          type="password"
          required
          autocomplete={isNew ? "new-password" : "current-password"}
          minLength={isNew ? ACCOUNT.minPassword : undefined}
          maxLength={ACCOUNT.maxPassword}
          hint={isNew ? `At least ${ACCOUNT.minPassword} characters.` : undefined}
        />
        <Problem text={problem} />
        <button type="submit" class="button primary wide" disabled={isBusy}>
          {isNew ? "Create the account" : "Sign in"}
        </button>
      </form>
      {mayJoin ? (
        <p class="centred">
          {isNew ? "You have an account? " : "New here? "}
          <button
            type="button"
            class="link"
            onClick={() => {
              setNew(!isNew);
              setProblem(undefined);
            }}
          >
            {isNew ? "Sign in" : "Create an account"}
          </button>
        </p>
      ) : (
        <p class="centred">New here? Ask for an invitation: with it you can make an account.</p>
      )}
      {isInvited && demo}
    </main>
  );
}

/** Whoever comes from an invitation goes back to it. */
function invitationIn(next: string): string | undefined {
  const route = parseRoute({ pathname: next, search: "" });
  return route.view === "invite" ? route.token : undefined;
}
