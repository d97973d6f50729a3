// Which page has sent a request: the browser says it, and no script can make it lie.

/** The headers that tell. */
export interface OriginHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | undefined;
}

/**
 * Whether a request comes from a page of another origin.
 *
 * An origin is scheme, host and port: a page on another port of this host is a stranger, although it shares our cookies.
 * The comparison is exact. Whatever looks for our name somewhere in it lets `our-name.example.evil` in. A page without an
 * origin of its own (a sandboxed frame, a file) sends `null`, which is nobody's.
 *
 * @param isHarmless the request only reads, and its page could not see the answer
 * @param publicOrigin where browsers find us, if that is not where we listen. @default the request's own `Host`
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function isForeign(headers: OriginHeaders, isHarmless: boolean, publicOrigin?: string): boolean {
  const { host, origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined) return origin !== (publicOrigin ?? `http://${host}`);
  // Browsers send an Origin with everything but GET and HEAD. Those that once did not say it in the other header.
  return !isHarmless && (site === "cross-site" || site === "same-site");
}
