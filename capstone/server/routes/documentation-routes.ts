// The documentation of all routes, for programs and for people.
import { readFileSync } from "node:fs";
import { route } from "@hectoday/http";
import { z } from "zod";
import { escapeHtml } from "../../../shared/web/html.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { docsPage } from "../docs-page.ts";
import { openApiOf } from "../openapi.ts";

/**
 * @param routesBefore all others; these document themselves too
 * @param publicOrigin for the examples. @default where the request was sent
 */
export function documentationRoutes(
  routesBefore: readonly ApiRoute[],
  publicOrigin: string | undefined,
): ApiRoute[] {
  const style = readFileSync(new URL("../docs.css", import.meta.url), "utf8");
  /** Made when somebody asks, once: most processes never need it. */
  let made: { readonly text: string; readonly page: string } | undefined;
  function documents() {
    if (made) return made;
    const document = openApiOf([...routesBefore, ...routes]);
    made = { text: JSON.stringify(document), page: docsPage(document, ORIGIN) };
    return made;
  }

  const routes: ApiRoute[] = [
    documented(
      route.get("/openapi.json", {
        response: { 200: z.looseObject({ openapi: z.string() }) },
        resolve: () => text("application/json", documents().text),
      }),
      { summary: "Get this documentation as OpenAPI", tag: "Operation", access: "anybody" },
    ),

    documented(
      route.get("/docs", {
        response: { 200: z.string() },
        resolve: ({ request }) => {
          const origin = publicOrigin ?? new URL(request.url).origin;
          return text("text/html; charset=utf-8", documents().page.replaceAll(ORIGIN, escapeHtml(origin)));
        },
      }),
      {
        summary: "Read this documentation",
        tag: "Operation",
        access: "anybody",
        media: { 200: "text/html" },
      },
    ),

    documented(
      route.get("/docs.css", {
        response: { 200: z.string() },
        resolve: () => text("text/css; charset=utf-8", style),
      }),
      {
        summary: "Get the style of the documentation",
        tag: "Operation",
        access: "anybody",
        media: { 200: "text/css" },
      },
    ),
  ];
  return routes;
}

/** Stands where the origin comes, until somebody asks. */
const ORIGIN = "{origin}";

function text(type: string, body: string): Response {
  return new Response(body, { headers: { "content-type": type, "cache-control": "no-cache" } });
}
