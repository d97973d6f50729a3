// Who is signed in.
import { signal } from "@preact/signals";
import { type Reply, request } from "./api.ts";

export interface Session {
  readonly userId: string;
  readonly name: string;
}

/** Undefined until it is known; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** What is known while the server cannot be reached: who was here last. It opens no door, it only says whose outbox to look into. */
const LAST = "last session";

export async function loadSession(): Promise<void> {
  const reply = await request<Session>("GET", "/session");
  if (reply.ok) return keep(reply.body);
  if (reply.status === 401) return keep(null);
  const last = localStorage.getItem(LAST);
  session.value = last ? (JSON.parse(last) as Session) : null;
}

export async function signIn(userId: string, password: string): Promise<Reply<Session>> {
  return begun(await request<Session>("POST", "/session", { userId, password }), userId);
}

export async function signInAsDemo(userId: string): Promise<Reply<Session>> {
  return begun(await request<Session>("POST", "/session/demo", { userId }), userId);
}

/** @param invitation of a link: where signing up is closed, it takes one */
export async function signUp(
  user: { readonly userId: string; readonly name: string; readonly password: string },
  invitation: string | undefined,
): Promise<Reply<Session>> {
  const body = { ...user, ...(invitation !== undefined && { invitation }) };
  return begun(await request<Session>("POST", "/users", body), user.userId);
}

export async function signOut(): Promise<Reply<void>> {
  const reply = await request<void>("DELETE", "/session");
  if (reply.ok || reply.status === 401) keep(null);
  return reply;
}

/** The server has said so. */
export function endSession(): void {
  keep(null);
}

async function begun(reply: Reply<Session>, userId: string): Promise<Reply<Session>> {
  if (!reply.ok) return reply;
  await loadSession();
  if (!session.value) keep({ userId, name: reply.body.name ?? userId });
  return reply;
}

function keep(value: Session | null): void {
  session.value = value;
  if (value) localStorage.setItem(LAST, JSON.stringify({ userId: value.userId, name: value.name }));
  else localStorage.removeItem(LAST);
}
