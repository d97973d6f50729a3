// The pages: one HTML shell for all of them, and the files that it loads. What they show is the client's affair.
import { createHash } from "node:crypto";
import { compress, type Encoding, encodingFor } from "./compress.ts";

/** What the client's bundler makes. */
export interface ClientBuild {
  /** The shell. */
  readonly html: string;
  /** By path: `/assets/…`, `/sw.js`, the manifest, icons. */
  readonly files: ReadonlyMap<string, ClientFile>;
}

export interface ClientFile {
  /** With its charset, if it is text. */
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Its name has a hash of what is in it: it never changes. */
  readonly immutable: boolean;
}

/** What the client knows how to show. */
const PAGES = /^\/(?:b\/[^/]+(?:\/c\/[^/]+)?|invite\/[^/]+|sign-in|settings)?$/;

const SIGN_UP_CLOSED = '<meta name="sign-up" content="closed">';

/** Compressed once, for as long as the process lives. */
interface Ready {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly cacheControl: string;
  readonly packed: Map<Encoding, Promise<Uint8Array>>;
}

export type Pages = ReturnType<typeof createPages>;

/** @param isSignUpOpen otherwise the shell says so: nobody should fill in a form in vain */
export function createPages(build: ClientBuild, isSignUpOpen = true) {
  const files = new Map([...build.files].map(([path, file]) => [path, ready(file)] as const));
  const html = isSignUpOpen ? build.html : build.html.replace("<head>", `<head>\n${SIGN_UP_CLOSED}`);
  const shell = ready({ type: "text/html; charset=utf-8", body: html, immutable: false });

  return {
    /**
     * @param isOurs whether a path belongs to the API: everything else that a browser opens is a page that does not exist
     * @returns undefined for what is neither a page nor a file
     */
    async answer(
      request: Request,
      pathname: string,
      isOurs: (pathname: string) => boolean,
    ): Promise<Response | undefined> {
      const file = files.get(pathname);
      if (file) return send(request, file);
      if (PAGES.test(pathname)) return send(request, shell);
      if (pathname.startsWith("/assets/")) return new Response("There is no such file.", { status: 404 });
      const isOpened = request.headers.get("accept")?.includes("text/html") ?? false;
      // The client says that there is no such page; the status says so to everybody else.
      if (isOpened && !isOurs(pathname)) return send(request, shell, 404);
      return undefined;
    },
  };
}

function ready({ type, body, immutable }: ClientFile): Ready {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return {
    type,
    bytes,
    etag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22),
    cacheControl: immutable ? "public, max-age=31536000, immutable" : "no-cache",
    packed: new Map(),
  };
}

async function send(request: Request, file: Ready, status = 200): Promise<Response> {
  const { type, bytes, etag: plainTag, cacheControl } = file;
  const encoding = isText(type) ? encodingFor(request.headers.get("accept-encoding")) : undefined;
  // Another encoding is another representation: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3
  const etag = `"${plainTag}${encoding ? `-${encoding}` : ""}"`;
  const headers: Record<string, string> = { etag, "cache-control": cacheControl, vary: "accept-encoding" };
  if (status === 200 && request.headers.get("if-none-match")?.includes(etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers["content-type"] = type;
  if (encoding) headers["content-encoding"] = encoding;
  const body = encoding ? await packedAs(file, encoding) : bytes;
  headers["content-length"] = String(body.byteLength);
  return new Response(request.method === "HEAD" ? null : (body as BodyInit), { status, headers });
}

function packedAs({ packed, bytes }: Ready, encoding: Encoding): Promise<Uint8Array> {
  const known = packed.get(encoding);
  if (known) return known;
  // 9, not 11: the second is a few percent smaller and takes ten times as long, and somebody waits for it.
  const packing = compress(bytes, encoding, 9);
  packed.set(encoding, packing);
  return packing;
}

function isText(type: string): boolean {
  return /^(?:text\/|application\/(?:json|javascript|manifest\+json)|image\/svg)/.test(type);
}
