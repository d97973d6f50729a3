import { useEffect, useRef, useState } from "preact/hooks";

export interface SignInProps {
  /** Who it probably is. */
  readonly userId: string;
  /** Rejects with an `Error` whose message is a sentence for the user. */
  signIn(userId: string, password: string): Promise<void>;
}

/** Only this machine has the demo's users: elsewhere a password is nobody's to fill in. */
const HAS_DEMO_USERS = /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(location.hostname);

export function SignIn({ userId: probably, signIn }: SignInProps) {
  const [userId, setUserId] = useState(probably);
  const [password, setPassword] = useState(HAS_DEMO_USERS ? "demo" : "");
  const [problem, setProblem] = useState<string>();
  const user = useRef<HTMLInputElement>(null);
  const secret = useRef<HTMLInputElement>(null);
  const isAsking = useRef(false);

  useEffect(() => {
    // Not out of the other pane, where somebody may be typing.
    if (document.hasFocus()) (user.current?.value ? secret : user).current?.focus();
  }, []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    // A second press of Enter is no second attempt: attempts are counted.
    if (isAsking.current) return;
    if (userId.trim() === "") {
      setProblem("Say who you are.");
      user.current?.focus();
      return;
    }
    isAsking.current = true;
    setProblem(undefined);
    try {
      await signIn(userId.trim(), password);
    } catch (error) {
      setProblem((error as Error).message);
      secret.current?.focus();
      secret.current?.select();
    } finally {
      isAsking.current = false;
    }
  }

  return (
    <form class="sign-in" onSubmit={submit}>
      <h1>Sign in</h1>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <label>
        User
        <input
          ref={user}
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          value={userId}
          onInput={(event) => setUserId(event.currentTarget.value)}
        />
      </label>
      <label>
        Password
        <input
          ref={secret}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Sign in</button>
      {HAS_DEMO_USERS && <p class="hint">Demo users: alice, bob, carol; every password is demo.</p>}
    </form>
  );
}
