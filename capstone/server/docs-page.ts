// The documentation as a page: the OpenAPI document, for people. No script, and nothing from another host.
import { escapeHtml } from "../../shared/web/html.ts";
import { TAGS } from "./api-route.ts";
import type { Json, OpenApiDocument, Operation, Parameter } from "./openapi.ts";

/** @param origin where this server is, for the examples. HTML */
export function docsPage(document: OpenApiDocument, origin: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = Object.entries(TAGS).map(([tag, description]) => {
    const ofTag = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<section id="${tag}"><h2>${tag}</h2><p>${escapeHtml(description)}</p>
${ofTag.map(({ path, method, operation }) => operationOf(path, method, operation)).join("\n")}</section>`;
  });
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details class="schema" id="schema-${name}"><summary>${name}</summary>${schemaOf(schema as Json)}</details>`,
  );
  const links = [...Object.keys(TAGS), "Schemas"].map((tag) => `<a href="#${tag}">${tag}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API of the task board</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<header><h1>API of the task board</h1><p>${escapeHtml(String(document.info.description))}</p>
<nav aria-label="Sections">${links.join(" ")}</nav></header>
<main>
${introduction(origin)}
${sections.join("\n")}
<section id="Schemas"><h2>Schemas</h2>
${schemas.join("\n")}</section>
</main>
</body>
</html>
`;
}

function introduction(origin: string): string {
  return `<section id="start"><h2>Start</h2>
<ol>
<li>Sign in to the board, open <a href="/settings">Settings</a>, and make an API token. It is shown once.</li>
<li>Send it with every request:
<pre tabindex="0"><code>TOKEN=rtb_…
curl -H "Authorization: Bearer $TOKEN" ${origin}/boards</code></pre></li>
<li>Change something, in a way that can be repeated safely:
<pre tabindex="0"><code>curl -X POST ${origin}/tasks \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -d '{"listId":"LIST","title":"Water the plants"}'</code></pre></li>
<li>Hear of every change as it happens:
<pre tabindex="0"><code>curl -N -H "Authorization: Bearer $TOKEN" ${origin}/boards/BOARD/events</code></pre></li>
</ol>
<p>Every refusal looks the same: <code>{"error":{"code","message"}}</code>. The code is for programs, the message for people.
Programs can read all of this: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p></section>`;
}

function operationOf(path: string, method: string, operation: Operation): string {
  const { summary, description, parameters = [], requestBody, responses, security } = operation;
  const name = method.toUpperCase();
  const access = Array.isArray(security) && security.length === 0 ? ' <span class="open">anybody</span>' : "";
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<h3>Body <small>${type}</small></h3>${schemaOf(schema)}`,
  );
  const answers = Object.entries(responses).map(([status, answer]) => answerOf(status, answer));
  return `<details class="operation"><summary><b class="${method}">${name}</b> <code>${escapeHtml(path)}</code> <span>${escapeHtml(summary)}</span>${access}</summary>
${description ? `<p>${escapeHtml(description)}</p>` : ""}${parametersOf(parameters)}${bodies.join("")}
<h3>Answers</h3><dl>${answers.join("")}</dl></details>`;
}

function parametersOf(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(
    ({ name, in: place, required, description = "", schema }) =>
      `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${place}${required ? "" : ", optional"}</td><td>${escapeHtml(typeOf(schema))}</td><td>${escapeHtml(description)}</td></tr>`,
  );
  return `<h3>Parameters</h3><table><tbody>${rows.join("")}</tbody></table>`;
}

function answerOf(status: string, { description, content }: Json): string {
  const [first] = Object.values((content ?? {}) as Record<string, { schema: Json }>);
  // The shape of an error is the same everywhere, and stands above.
  const schema = first && Number(status) < 400 ? schemaOf(first.schema) : "";
  return `<dt>${status}</dt><dd>${escapeHtml(String(description))}${schema}</dd>`;
}

function schemaOf(schema: Json): string {
  const { $ref } = schema;
  if (typeof $ref === "string") {
    const name = $ref.split("/").at(-1) ?? "";
    return `<p><a href="#schema-${name}">${name}</a></p>`;
  }
  return `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(withoutNoise(schema), null, 2))}</code></pre>`;
}

/** What zod writes and nobody reads: the largest integer, and patterns of what has a name. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== "object" || value === null) return value;
  const isNamed = "format" in value;
  const entries = Object.entries(value).filter(
    ([key, inner]) =>
      !(Math.abs(Number(inner)) === Number.MAX_SAFE_INTEGER || (isNamed && key === "pattern")),
  );
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNoise(inner)]));
}

function typeOf({ type, format, enum: values, default: fallback }: Json): string {
  const base = Array.isArray(values) ? values.join(" | ") : String(format ?? type ?? "");
  return fallback === undefined ? base : `${base}, ${String(fallback)} if missing`;
}
