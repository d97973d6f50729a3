// Who is signed in.
import { batch, signal } from "@preact/signals";
import { type Reply, request } from "./api.ts";

export interface Session {
  readonly userId: string;
  readonly name: string;
}

/** Undefined until it is known; null: nobody. */
export const session = signal<Session | null | undefined>(undefined);

/** Whose page this is. Also when the session has ended by itself: what they have written is theirs until they sign out. */
export const pageOwner = signal<string | undefined>(undefined);

/** What is known while the server cannot be reached: who was here last. It opens no door, it only says whose outbox to look into. */
const LAST = "last session";

/** Tells this browser's other tabs. */
const CHANNEL = "session";
type Told = { readonly signedIn: string } | { readonly signedOut: string };
/** What this page shows is another user's. */
let replaced = () => {};
let channel: Pick<BroadcastChannel, "postMessage"> | undefined;

export async function loadSession(): Promise<void> {
  const reply = await request<Session>("GET", "/session");
  if (reply.ok) return keep(reply.body);
  if (reply.status === 401) return keep(null);
  const last = localStorage.getItem(LAST);
  show(last ? (JSON.parse(last) as Session) : null);
}

/**
 * Follows what happens in other tabs.
 *
 * @param onSignedOut this page's owner has signed out there
 * @param onSignedIn somebody has signed in there: another user, or this page's owner whose session had ended
 */
export function watchSession(onSignedOut: (userId: string) => void, onSignedIn: () => void): void {
  replaced = onSignedIn;
  if (typeof BroadcastChannel !== "function") return;
  const opened = new BroadcastChannel(CHANNEL);
  opened.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    const owner = pageOwner.peek();
    if ("signedOut" in data && data.signedOut === owner) onSignedOut(owner);
    if ("signedIn" in data && (data.signedIn !== owner || !session.peek())) onSignedIn();
  });
  channel = opened;
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

/** The session has ended by itself: it has expired, was ended on another device, or somebody else has signed in on this one. */
export async function endSession(): Promise<void> {
  keep(null);
  await checkOwner();
}

/** Whether this browser still belongs to this page's owner. Another tab may have been closed before it could say so. */
export async function checkOwner(): Promise<void> {
  const owner = pageOwner.peek();
  if (owner === undefined) return;
  const reply = await request<Session>("GET", "/session");
  if (reply.ok && reply.body.userId !== owner) replaced();
}

/** The user has signed out: in this tab, or in another one. */
export function leaveSession(userId: string, isHere: boolean): void {
  batch(() => {
    keep(null);
    pageOwner.value = undefined;
  });
  if (isHere) tell({ signedOut: userId });
}

async function begun(reply: Reply<Session>, userId: string): Promise<Reply<Session>> {
  if (!reply.ok) return reply;
  // First of all: the user may leave this page at once.
  tell({ signedIn: userId });
  await loadSession();
  if (!session.value) keep({ userId, name: reply.body.name ?? userId });
  return reply;
}

function keep(value: Session | null): void {
  show(value);
  if (value) localStorage.setItem(LAST, JSON.stringify({ userId: value.userId, name: value.name }));
  else localStorage.removeItem(LAST);
}

function show(value: Session | null): void {
  batch(() => {
    session.value = value;
    if (value) pageOwner.value = value.userId;
  });
}

function tell(told: Told): void {
  channel?.postMessage(told);
}
