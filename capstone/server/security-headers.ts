// What browsers are told about every answer: what a page may load, who may show it in a frame, and that there is TLS.

export interface SecurityHeaderOptions {
  /** Browsers come over TLS. */
  readonly isHttps: boolean;
}

/** Nothing of what is not a page may do anything in a browser. */
const NOT_A_PAGE = "default-src 'none'; frame-ancestors 'none'";

/** A service worker obeys the policy that its own script came with, not that of the page: without this it can fetch nothing. */
const SCRIPT = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/** A year: browsers do not even try without TLS. */
const HSTS = "max-age=31536000";

const NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/**
 * No inline script or style, no other host: whatever somebody writes on a card, it is never run.
 * @param host the request's `Host`: Safari does not take `'self'` for a socket of the same host
 * @see https://www.w3.org/TR/CSP3/
 */
export function pagePolicy(host: string, isHttps: boolean): string {
  // What came in a header goes out in one: only if it is a host.
  const socket = /^[\w.:[\]-]+$/.test(host) ? ` ${isHttps ? "wss" : "ws"}://${host}` : "";
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Adds what is missing to an answer. */
export function createSecurityHeaders({ isHttps }: SecurityHeaderOptions) {
  return (request: Request, response: Response): void => {
    const { headers } = response;
    headers.set("x-content-type-options", "nosniff");
    headers.set("referrer-policy", "same-origin");
    if (isHttps) headers.set("strict-transport-security", HSTS);
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
    // A browser puts the headers of a 304 over those that it has stored: the policy that came with the page stays.
    if (response.status === 304) return;
    const type = headers.get("content-type") ?? "";
    if (!type.startsWith("text/html")) {
      headers.set("content-security-policy", type.startsWith("text/javascript") ? SCRIPT : NOT_A_PAGE);
      return;
    }
    const host = request.headers.get("host") ?? new URL(request.url).host;
    headers.set("content-security-policy", pagePolicy(host, isHttps));
    headers.set("cross-origin-opener-policy", "same-origin");
    headers.set("permissions-policy", NO_FEATURES);
  };
}
