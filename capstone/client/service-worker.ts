// Keeps the page itself, so that it opens without a network. What is on the boards is not its business: no request to the API
// passes through it.

/** Put in by the bundle: the shell and all that it loads, and a name that changes with them. */
declare const ASSETS: readonly string[];
declare const VERSION: string;

const SHELL = "/";

interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: Extended) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetched) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
}
interface Extended {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetched {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = globalThis as unknown as Worker;

worker.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(VERSION);
    await cache.addAll([SHELL, ...ASSETS]);
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (ASSETS.includes(url.pathname)) return event.respondWith(fromCache(request, url.pathname));
  if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(page(request));
});

/** A file under such a name never changes. */
async function fromCache(request: Request, path: string): Promise<Response> {
  return (await caches.match(path)) ?? fetch(request);
}

/** From the network, so that a new version is seen; and when there is none, as it was. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(SHELL)) ?? Response.error();
  }
}

/** All of these are the one shell. */
function isPage(path: string): boolean {
  return path === "/" || /^\/(b|invite)\/|^\/(sign-in|settings)$/.test(path);
}
