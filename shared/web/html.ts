/** What a page may load and who may show it in a frame. */
export interface PagePolicy {
  readonly [directive: string]: string;
}

/** No inline scripts, no other host: whatever somebody writes on a card, it is never run. */
const POLICY: PagePolicy = {
  "default-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'self'",
  "object-src": "'none'",
};

/** A whole HTML page. `title` is text, `body` is HTML. */
export function page({ title, bodyClass, styles = [], body }: PageContent): string {
  const links = ["/page/style.css", ...styles].map((href) => `<link rel="stylesheet" href="${href}">`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    ${links.join("\n    ")}
  </head>
  <body class="${bodyClass}">
    ${body}
  </body>
</html>
`;
}

export interface PageContent {
  readonly title: string;
  readonly bodyClass: string;
  /** Style sheets after the common one. */
  readonly styles?: readonly string[];
  readonly body: string;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

export function html(text: string, policy: PagePolicy = {}): Response {
  return asset("text/html", text, policy);
}

/**
 * A page or a part of one, not kept by the browser: its source may change at any time.
 * @param policy what differs from the strict policy that every page has
 */
export function asset(type: string, text: string, policy: PagePolicy = {}): Response {
  const directives = Object.entries({ ...POLICY, ...policy }).map(([name, value]) => `${name} ${value}`);
  return new Response(text, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": directives.join("; "),
    },
  });
}
