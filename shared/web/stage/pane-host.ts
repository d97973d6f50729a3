/** Where a person's board is. */
export interface PaneHost {
  readonly url: string;
  readonly isInFrame: boolean;
}

const STAGE_HOST = "course.localhost";

/**
 * Cookies belong to a host, whatever the port: two people in one browser need two hosts. `alice.course.localhost` and
 * `bob.course.localhost` are two, and with `course.localhost`, where the stage is, they are one site, so that cookies
 * with SameSite are sent in the frames. Where the browser does not know these names, Bob gets a window of his own.
 */
export function paneHost(person: string, tapPort: number): PaneHost {
  const path = `/board?user=${person}`;
  if (location.hostname === STAGE_HOST) {
    return { url: `http://${person}.${STAGE_HOST}:${tapPort}${path}`, isInFrame: true };
  }
  // The stage was opened as localhost or 127.0.0.1: one person there, and the other one on the other name.
  const other = location.hostname === "localhost" ? "127.0.0.1" : "localhost";
  return person === "alice"
    ? { url: `http://${location.hostname}:${tapPort}${path}`, isInFrame: true }
    : { url: `http://${other}:${tapPort}${path}`, isInFrame: false };
}

/**
 * Goes to `course.localhost` if the browser knows it.
 * @returns false where it does not: the page stays
 */
export async function moveToStageHost(): Promise<boolean> {
  if (location.hostname === STAGE_HOST) return false;
  const there = new URL(location.href);
  there.hostname = STAGE_HOST;
  try {
    await fetch(new URL("/favicon.ico", there), { mode: "no-cors", signal: AbortSignal.timeout(3_000) });
  } catch {
    return false;
  }
  location.replace(there);
  return true;
}
