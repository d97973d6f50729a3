// The cookie that carries a session.
import { parseCookie, stringifySetCookie } from "cookie";

/** @param isSecure whether browsers come over TLS */
export function createSessionCookie(isSecure: boolean, lifetimeMs: number) {
  // Browsers take a cookie of this name only over TLS, for this host alone and for all its paths: no page on another
  // subdomain can plant one. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
  const name = isSecure ? "__Host-session" : "session";

  function write(value: string, maxAge: number): string {
    return stringifySetCookie({
      name,
      value,
      maxAge,
      path: "/",
      // No script can read it.
      httpOnly: true,
      // Not sent along by pages of other sites, except when the user follows a link.
      sameSite: "lax",
      secure: isSecure,
    });
  }

  return {
    /** The token in a `Cookie` header, if there is one. */
    read: (header: string | null | undefined) => parseCookie(header ?? "")[name] || undefined,
    /** A `Set-Cookie` header. */
    give: (token: string) => write(token, Math.floor(lifetimeMs / 1_000)),
    /** A `Set-Cookie` header that takes it away. */
    take: () => write("", 0),
  };
}
