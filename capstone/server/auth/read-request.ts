// What the head of a request says that matters at the door.
import type { OriginHeaders } from "../../../chapters/06-auth/origin.ts";

export interface SentRequest {
  readonly origin: OriginHeaders;
  /** It only reads. */
  readonly isHarmless: boolean;
  /** It changes something: not for tokens of scope `read`. */
  readonly isChange: boolean;
  /** It is answered to anybody. */
  readonly isPublic: boolean;
  readonly hasBody: boolean;
  readonly isJson: boolean;
  /** The credential in the header `Authorization`. */
  readonly bearer: string | undefined;
  /** The one in the cookie. */
  readonly cookie: string | undefined;
}

/** What anybody may ask for. Everything else is closed. */
const PUBLIC = [
  ["GET", /^\/(?:session|demo-users|openapi\.json|docs|docs\.css|health|ready|metrics|ws)$/],
  ["GET", /^\/invitations\/[^/]+$/],
  ["POST", /^\/(?:session|session\/demo|users)$/],
  ["DELETE", /^\/session$/],
] as const;

/** Neither has an effect that outlasts the connection. */
const NO_CHANGE = /^\/tickets$|^\/boards\/[^/]+\/presence\/[^/]+$/;

export function readRequest(
  request: Request,
  readCookie: (header: string | null) => string | undefined,
): SentRequest {
  const { headers, method } = request;
  const { host, pathname } = new URL(request.url);
  const isHarmless = method === "GET" || method === "HEAD";
  return {
    origin: {
      host: headers.get("host") ?? host,
      origin: headers.get("origin") ?? undefined,
      "sec-fetch-site": headers.get("sec-fetch-site") ?? undefined,
    },
    isHarmless,
    isChange: !isHarmless && !NO_CHANGE.test(pathname),
    isPublic: PUBLIC.some(([of, path]) => of === (isHarmless ? "GET" : method) && path.test(pathname)),
    hasBody: headers.has("transfer-encoding") || Number(headers.get("content-length")) > 0,
    // A form on another page can send a body of any other type, without asking first.
    isJson: /^application\/json\b/i.test(headers.get("content-type") ?? ""),
    bearer: /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1],
    cookie: readCookie(headers.get("cookie")),
  };
}
