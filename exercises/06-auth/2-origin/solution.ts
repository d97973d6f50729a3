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
  // Browsers send "null" for pages that have no origin of their own, and such a page can be anybody's.
  if (origin === undefined || origin === "null") return false;
  const own = host === undefined ? [] : [`${scheme}://${host}`];
  return [...own, ...allowed].some((each) => asBrowsersWriteIt(each) === origin);
}

// Only our side is put in order. What comes from outside is compared as it is, and nothing has to understand it.
function asBrowsersWriteIt(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}
