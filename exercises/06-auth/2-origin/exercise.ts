/** The headers that tell. Undefined when the request has none. */
export interface OriginHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

export interface OriginRules {
  /** How browsers reach this server. */
  readonly scheme: "http" | "https";
  /** Origins of other pages that may: `https://board.example.com`. Written by people. */
  readonly allowed: readonly string[];
}

/**
 * Whether the page that sends a request may send it.
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function isAllowedOrigin({ host, origin }: OriginHeaders, { scheme, allowed }: OriginRules): boolean {
  // TODO: Let in the server's own pages and those that are allowed, and nobody else.
  return origin === undefined || [`${scheme}://${host}`, ...allowed].some((each) => origin.startsWith(each));
}
