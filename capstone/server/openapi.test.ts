import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ZodType } from "zod";
import type { Json, openApiOf } from "./openapi.ts";
import {
  boardSummary,
  error,
  event as eventSchema,
  NAMED,
  session as sessionSchema,
  snapshot as snapshotSchema,
  task,
} from "./schemas.ts";
import { openCapstone } from "./testing/people.ts";

async function documentation() {
  const capstone = await openCapstone();
  const { body } = await capstone.nobody.ask("GET", "/openapi.json");
  return { ...capstone, document: body as ReturnType<typeof openApiOf> };
}

test("every route of the app is in it, and nothing else", async () => {
  const { app, document } = await documentation();
  const inApp = app.routes.map(
    ({ descriptor: { method, path } }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`,
  );
  const inDocument = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(inDocument.sort()).toEqual(inApp.sort());
  expect(inApp.length).toBeGreaterThan(50);
  expect(document.openapi).toBe("3.1.1");
});

test("every reference leads somewhere, and every schema is referred to", async () => {
  const { document } = await documentation();
  const references = new Set(
    JSON.stringify(document)
      .match(/"#\/[^"]+"/g)
      ?.map((text) => JSON.parse(text)),
  );
  for (const reference of references) {
    const found = reference
      .slice(2)
      .split("/")
      .reduce((at: Json | undefined, key: string) => at?.[key] as Json | undefined, document);
    expect(found, reference).toBeTypeOf("object");
  }
  for (const name of Object.keys(document.components.schemas)) {
    expect(references).toContain(`#/components/schemas/${name}`);
  }
  expect(JSON.stringify(document)).not.toContain("$defs");
});

test("every path has its parameters, and every operation its words and answers", async () => {
  const { document } = await documentation();
  for (const [path, methods] of Object.entries(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method} ${path}`;
      const parameters = operation.parameters ?? [];
      const described = parameters
        .filter((parameter) => parameter.in === "path")
        .map((parameter) => parameter.name);
      expect(described.sort(), name).toEqual(inPath);
      expect(operation.summary, name).toMatch(/^[A-Z].*[^.]$/);
      expect(
        Object.keys(operation.responses).some((status) => Number(status) < 400),
        name,
      ).toBe(true);
      if (method === "post" || method === "patch") {
        const isWithoutBody = /^\/(?:tickets|invitations\/\{token\}\/accept)$/.test(path);
        expect(operation.requestBody === undefined, name).toBe(isWithoutBody);
      }
    }
  }
});

test("it says what needs a session, and what takes a key", async () => {
  const { document } = await documentation();
  const { post } = document.paths["/tasks"] ?? {};
  expect(post?.security).toBeUndefined();
  expect(document.security).toEqual([{ session: [] }, { token: [] }]);
  expect(post?.parameters?.map(({ name }) => name)).toEqual(["Idempotency-Key"]);
  expect(document.paths["/session"]?.post?.security).toEqual([]);
  expect(document.paths["/tokens"]?.post?.security).toEqual([{ session: [] }]);
});

test("what the server answers is as it says", async () => {
  const { signedIn } = await openCapstone();
  const alice = await signedIn("alice");
  const strictly = (schema: ZodType, value: unknown) => schema.parse(value);
  const { body: snapshot } = await alice.ask("GET", "/boards/board-1");
  // Nothing is lost: there are no fields that the documentation does not know.
  expect(strictly(snapshotSchema, snapshot)).toEqual(snapshot);
  const { body: activity } = await alice.ask("GET", "/boards/board-1/activity?limit=200");
  for (const event of activity.events) expect(strictly(eventSchema, event)).toEqual(event);
  const [board] = (await alice.ask("GET", "/boards")).body.boards;
  expect(strictly(boardSummary, board)).toEqual(board);
  const { body: session } = await alice.ask("GET", "/session");
  expect(strictly(sessionSchema, session)).toEqual(session);
  const { body: refused } = await alice.ask("POST", "/tasks", {});
  expect(strictly(error, refused)).toEqual(refused);
  expect(NAMED.get(task)?.id).toBe("Task");
});

test("people can read it: every operation and schema, without a script", async () => {
  const { nobody, document } = await documentation();
  const { text, headers } = await nobody.ask("GET", "/docs", undefined, { host: "localhost:3000" });
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self';/,
  );
  expect(text).not.toMatch(/<script|style=|https?:\/\/(?!localhost|www\.standardwebhooks)/);
  for (const methods of Object.values(document.paths)) {
    for (const { summary } of Object.values(methods)) expect(text).toContain(summary);
  }
  for (const name of Object.keys(document.components.schemas)) expect(text).toContain(`id="schema-${name}"`);
  for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${target}"`);
  expect(text).toContain('curl -H "Authorization: Bearer $TOKEN" http://localhost:3000/boards');
  const style = await nobody.ask("GET", "/docs.css");
  expect(style.text).toBe(readFileSync(new URL("docs.css", import.meta.url), "utf8"));
});
