import { route, setup } from "@hectoday/http";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

// `expectTypeOf` is checked by the compiler (`npm run check`); at run time these tests only build the routes.
describe("types are inferred from the schemas, without annotations", () => {
  test("params, query and body of a route with schemas", () => {
    const described = route.post("/boards/:boardId", {
      request: {
        params: z.object({ boardId: z.string() }),
        query: z.object({ after: z.coerce.number() }),
        body: z.object({ title: z.string(), labels: z.array(z.string()).default([]) }),
      },
      resolve: (c) => {
        if (!c.input.ok) {
          expectTypeOf(c.input.body).toEqualTypeOf<undefined>();
          expectTypeOf(c.input.failed).toEqualTypeOf<readonly ("params" | "query" | "body")[]>();
          return new Response(null, { status: 400 });
        }
        expectTypeOf(c.input.params).toEqualTypeOf<{ boardId: string }>();
        expectTypeOf(c.input.query).toEqualTypeOf<{ after: number }>();
        expectTypeOf(c.input.body).toEqualTypeOf<{ title: string; labels: string[] }>();
        return new Response();
      },
    });
    expect(described).toMatchObject({ method: "POST", path: "/boards/:boardId" });
  });

  test("a route without schemas", () => {
    const described = route.get("/", {
      resolve: (c) => {
        if (!c.input.ok) return new Response(null, { status: 400 });
        expectTypeOf(c.input.params).toEqualTypeOf<Record<string, string>>();
        expectTypeOf(c.input.query).toEqualTypeOf<Record<string, string | string[] | undefined>>();
        expectTypeOf(c.input.body).toEqualTypeOf<unknown>();
        expectTypeOf(c.locals).toEqualTypeOf<Readonly<Record<string, unknown>>>();
        return new Response();
      },
    });
    expect(described.method).toBe("GET");
  });

  test("locals in hooks come from onRequest, and are partial in onError", async () => {
    const app = setup({
      routes: [],
      onRequest: async () => ({ userId: "alice" }),
      onResponse: ({ locals, response }) => {
        expectTypeOf(locals).toEqualTypeOf<{ userId: string }>();
        return response;
      },
      onError: ({ locals, error }) => {
        expectTypeOf(locals).toEqualTypeOf<Partial<{ userId: string }>>();
        expectTypeOf(error).toEqualTypeOf<Error>();
        return new Response();
      },
    });
    expect((await app.request("/")).status).toBe(404);
  });
});
