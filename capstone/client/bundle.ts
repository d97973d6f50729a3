// The client as files for a browser, made when the server starts: there is no build step to forget.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";

export interface ClientAsset {
  /** Its media type. */
  readonly type: string;
  readonly body: Uint8Array;
  /** Whether its name changes with what is in it, so that it may be kept for ever. */
  readonly immutable: boolean;
}

export interface ClientAssets {
  /** The page at every address of the client. It needs no more than `default-src 'self'` of a Content-Security-Policy. */
  readonly html: string;
  /** By path: `/assets/app.HASH.js`, `/sw.js`, … */
  readonly files: ReadonlyMap<string, ClientAsset>;
}

const OPTIONS: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "silent",
  define: { "process.env.NODE_ENV": '"production"' },
};

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#0e6b5c"/><g fill="#fff"><rect x="5" y="6" width="3.6" height="12" rx="1.4"/><rect x="10.2" y="6" width="3.6" height="7" rx="1.4"/><rect x="15.4" y="6" width="3.6" height="9.5" rx="1.4"/></g></svg>`;

const MANIFEST = {
  name: "Live task board",
  short_name: "Boards",
  start_url: "/",
  display: "standalone",
  background_color: "#f4f3ef",
  theme_color: "#f4f3ef",
  icons: [{ src: "/assets/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
};

/**
 * Bundles the client.
 * @param entry the page's first module. @default main.tsx of this folder
 * @throws what esbuild says, with file and line, when the code cannot be bundled
 */
export async function buildClient(entry = join(import.meta.dirname, "main.tsx")): Promise<ClientAssets> {
  const [script, style, icon] = await Promise.all([
    bundled({ entryPoints: [entry] }),
    bundled({ entryPoints: [join(import.meta.dirname, "styles/app.css")] }),
    bytes(ICON),
  ]);
  const files = new Map<string, ClientAsset>();
  const put = (path: string, type: string, body: Uint8Array, immutable: boolean) =>
    files.set(path, { type, body, immutable });

  const scriptPath = `/assets/app.${hash(script)}.js`;
  const stylePath = `/assets/app.${hash(style)}.css`;
  put(scriptPath, "text/javascript; charset=utf-8", script, true);
  put(stylePath, "text/css; charset=utf-8", style, true);
  put("/assets/icon.svg", "image/svg+xml", icon, false);
  put("/manifest.webmanifest", "application/manifest+json", bytes(JSON.stringify(MANIFEST)), false);

  const html = page(scriptPath, stylePath);
  const assets = [scriptPath, stylePath, "/assets/icon.svg", "/manifest.webmanifest"];
  const worker = await bundled({
    entryPoints: [join(import.meta.dirname, "service-worker.ts")],
    format: "iife",
    define: {
      ASSETS: JSON.stringify(assets),
      VERSION: JSON.stringify(`shell-${hash(bytes(html))}`),
    },
  });
  put("/sw.js", "text/javascript; charset=utf-8", worker, false);
  return { html, files };
}

function page(scriptPath: string, stylePath: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f4f3ef">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#15171a">
<title>Boards</title>
<link rel="stylesheet" href="${stylePath}">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="manifest" href="/manifest.webmanifest">
<script type="module" src="${scriptPath}"></script>
</head>
<body>
<div id="app"></div>
<noscript>This board is live, and for that it needs JavaScript.</noscript>
</body>
</html>
`;
}

async function bundled(options: BuildOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({ ...OPTIONS, ...options });
  const [file] = outputFiles ?? [];
  if (!file) throw new Error("esbuild has made no file");
  return file.contents;
}

function hash(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("base64url").slice(0, 10).replace(/_/g, "-");
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
