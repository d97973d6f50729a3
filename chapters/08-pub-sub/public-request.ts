// A request to an address that a user has given us. It leaves from inside our network, so it must not reach into it.
import { lookup } from "node:dns";
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** The address is none that we send anything to. */
export class ForbiddenTargetError extends Error {}

export interface PublicRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole of it, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Private and loopback addresses, and plain HTTP, are allowed: for a network where all users are trusted. */
  readonly allowPrivate: boolean;
}

/**
 * Why a URL cannot be a target, as a sentence; undefined when it can. What its name stands for is looked at only when it
 * is connected to: names can change their minds.
 */
export function whyForbidden(url: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(url)) return "This is no URL.";
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== "https:" && !(allowPrivate && protocol === "http:"))
    return "The URL has to begin with https.";
  if (username || password) return "The URL must not contain a password.";
  const address = hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(address) && !isPublic(address)) return "This address is not public.";
  return undefined;
}

/** Posts a body. Redirects are not followed: they could lead anywhere. @returns the status of the answer */
export function postPublicly(options: PublicRequest): Promise<number> {
  const { url, body, headers, timeoutMs, allowPrivate, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const reason = whyForbidden(url, allowPrivate);
  if (reason) return Promise.reject(new ForbiddenTargetError(reason));
  const send: (
    url: string,
    options: RequestOptions,
    onAnswer: (answer: IncomingMessage) => void,
  ) => ClientRequest = new URL(url).protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
        // A connection of its own: one that is kept would have been checked at another time.
        agent: false,
        ...(!allowPrivate && { lookup: lookupPublic }),
      },
      (answer) => {
        resolve(answer.statusCode ?? 0);
        // What it says besides its status is of no interest, and could go on for ever.
        answer.destroy();
      },
    );
    // Whoever answers 101 has another protocol in mind.
    request.on("upgrade", (answer, socket) => {
      resolve(answer.statusCode ?? 0);
      socket.destroy();
    });
    request.on("error", reject);
    request.on("close", () => reject(new Error("there was no answer")));
    request.end(body);
  });
}

/**
 * Looks a name up for the very connection that is made with it. Looking first and connecting later would leave time for
 * the name to become another address (DNS rebinding).
 */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const bad = addresses.find(({ address }) => !isPublic(address));
    if (bad)
      return callback(new ForbiddenTargetError(`${hostname} is ${bad.address}, which is not public.`), []);
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    callback(null, first?.address ?? "", first?.family);
  });
};

/** Inside of one large cloud this public address is its own machinery. */
const AZURE = "168.63.129.16";

/** Neither loopback, nor private, link-local, multicast, reserved, or any of these inside an IPv6 address. */
function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast" || parsed.toString() === AZURE) return false;
  // Of IPv6, only what has been given out for public use: https://www.iana.org/assignments/ipv6-address-space
  return parsed.kind() === "ipv4" || /^[23]/.test(parsed.toNormalizedString().padStart(4, "0"));
}
