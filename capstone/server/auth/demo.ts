// Signing in with one click, for trying things out: on this machine only.
import type { ServerRequest } from "srvx";
import { USERS } from "../../../shared/seed.ts";

/** `localhost`, `alice.localhost:3000`, `127.0.0.1:3000`, `[::1]:3000`. */
export function isLoopbackHost(host: string | null): boolean {
  return /^((?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host ?? "");
}

/** @param address undefined when nobody knows: there was no connection, or it is gone */
export function isLoopbackAddress(address: string | undefined): boolean {
  return /^(?:127\.|::1$|::ffff:127\.)/.test(address ?? "");
}

/** What a proxy adds. A request that has come through one can be anybody's, wherever the proxy stands. */
const FORWARDING =
  /^(?:forwarded|via|x-forwarded-.+|x-(?:real|client|cluster-client)-ip|(?:true-client|(?:cf|fly)-.+)-ip)$/;

export function wasForwarded(headers: Headers): boolean {
  return [...headers.keys()].some((name) => FORWARDING.test(name));
}

/**
 * Whether a request comes from this machine, by a name of this machine. The name matters too: a page of somebody else's can make its
 * own name mean 127.0.0.1, and its requests come from here as well (DNS rebinding).
 */
export function isFromHere(request: Request): boolean {
  const { ip, runtime } = request as ServerRequest;
  // No browser has spoken it for decades; nginx does, without a word about for whom, unless it is told to.
  if (runtime?.node?.req.httpVersion === "1.0") return false;
  const isNear = ip === undefined || isLoopbackAddress(ip);
  const host = request.headers.get("host") ?? new URL(request.url).host;
  return isNear && isLoopbackHost(host) && !wasForwarded(request.headers);
}

/** Passwords that stand in the documentation. They open a door only where the demo is on. */
export function isDemoPassword(passwordHash: string | undefined): boolean {
  return USERS.some((user) => user.passwordHash === passwordHash);
}
