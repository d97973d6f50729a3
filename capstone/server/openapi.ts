// The OpenAPI document: made of the routes and their schemas, so that it says what the server does.
// https://spec.openapis.org/oas/v3.1.1.html
import { type ZodType, z } from "zod";
import type { ApiRoute, Documentation } from "./api-route.ts";
import { TAGS } from "./api-route.ts";
import { error, NAMED } from "./schemas.ts";

export type Json = { [key: string]: unknown };

export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: Json;
  readonly tags: readonly Json[];
  readonly security: readonly Json[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json };
}

export interface Operation extends Json {
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: Json }> };
  readonly responses: Record<string, Json>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Json;
  readonly description?: string;
}

export function openApiOf(routes: readonly ApiRoute[]): OpenApiDocument {
  const schemas: Json = {};
  const paths: OpenApiDocument["paths"] = {};
  for (const api of routes) {
    const path = api.descriptor.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][api.descriptor.method.toLowerCase()] = operationOf(api, schemas);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Live task board",
      version: "1",
      description:
        "Boards that several people use at once. What changes on a board is an event in its log, and everybody who follows the board hears of all its events, in the same order.",
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "session",
          description: "Set by signing in. Over TLS it is called __Host-session.",
        },
        token: { type: "http", scheme: "bearer", description: "A personal API token: `rtb_…`" },
      },
    },
  };
}

function operationOf({ descriptor, documentation }: ApiRoute, schemas: Json): Operation {
  const { request = {}, response = {} } = descriptor.config;
  const { summary, details, tag, access = "signed-in", isCommand = false } = documentation;
  const parameters = [
    ...parametersOf("path", request.params, schemas),
    ...parametersOf("query", request.query, schemas),
    ...(isCommand ? [IDEMPOTENCY_KEY] : []),
  ];
  const body = documentation.body ?? request.body;
  return {
    summary,
    ...(details && { description: details }),
    tags: [tag],
    ...(access !== "signed-in" && { security: access === "anybody" ? [] : [{ session: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { "application/json": { schema: schemaOf(body, "input", schemas) } },
      },
    }),
    responses: {
      ...answersOf(response, documentation, schemas),
      ...refusalsOf(
        documentation,
        {
          isChange: descriptor.method !== "GET",
          hasInput: body !== undefined || parameters.length > 0,
          hasBody: body !== undefined,
        },
        schemas,
      ),
    },
  };
}

function answersOf(
  answers: Readonly<Record<number, ZodType>>,
  { isCommand, media = {} }: Documentation,
  schemas: Json,
): Record<string, Json> {
  const entries = Object.entries(answers).map(([status, schema]) => {
    const type = media[Number(status)] ?? "application/json";
    const isEmpty = schema instanceof z.ZodUndefined;
    return [
      status,
      {
        description: MEANINGS[Number(status)] ?? "Done",
        ...(!isEmpty && { content: { [type]: { schema: schemaOf(schema, "output", schemas) } } }),
        ...(isCommand && { headers: BOARD_SEQ }),
      },
    ];
  });
  return Object.fromEntries(entries);
}

interface Kind {
  readonly isChange: boolean;
  readonly hasInput: boolean;
  readonly hasBody: boolean;
}

/** Those that every route of its kind has, and those that the route names. Each status with its codes. */
function refusalsOf(
  { access = "signed-in", isCommand = false, refusals = {} }: Documentation,
  { isChange, hasInput, hasBody }: Kind,
  schemas: Json,
): Record<string, Json> {
  const isPrivate = access !== "anybody";
  const usual: [status: number, code: string, isPossible: boolean][] = [
    [400, "bad_input", hasInput],
    [400, "bad_key, invalid", isCommand],
    [401, "not_signed_in, bad_token", isPrivate],
    [403, "forbidden", isPrivate],
    [403, "foreign_origin", isPrivate || isChange],
    [403, "read_only", isPrivate && isChange],
    [404, "not_found", isPrivate],
    [413, "body_too_large", hasBody],
    [415, "not_json", hasBody],
    [422, "key_reused", isCommand],
    [429, "too_many", true],
    [503, "busy", isCommand],
  ];
  const codes = new Map<number, string[]>();
  for (const [status, code, isPossible] of usual) {
    if (isPossible) codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  for (const [status, own] of Object.entries(refusals)) {
    codes.set(Number(status), [...(codes.get(Number(status)) ?? []), own]);
  }
  const content = { "application/json": { schema: schemaOf(error, "output", schemas) } };
  return Object.fromEntries(
    [...codes].map(([status, all]) => [status, { description: all.join(", "), content }]),
  );
}

function parametersOf(place: "path" | "query", schema: ZodType | undefined, schemas: Json): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input", schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema,
    ...(typeof description === "string" && { description }),
  }));
}

/** As JSON Schema. What has a name of its own goes to `schemas`, and is referred to. */
function schemaOf(schema: ZodType, io: "input" | "output", schemas: Json): Json {
  // In an array, because only what is inside of something else becomes a reference.
  const { items, $defs = {} } = z.toJSONSchema(z.array(schema), {
    metadata: NAMED,
    io,
    unrepresentable: "any",
  }) as { items: Json; $defs?: Json };
  for (const [name, definition] of Object.entries($defs)) schemas[name] = refer(definition);
  return refer(items) as Json;
}

/** References point into the document. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    key === "$ref" && typeof inner === "string"
      ? inner.replace("#/$defs/", "#/components/schemas/")
      : refer(inner),
  ]);
  return Object.fromEntries(entries);
}

const MEANINGS: Readonly<Record<number, string>> = {
  101: "The connection is a WebSocket now",
  200: "Done",
  201: "Made",
  204: "Done; there is nothing to say",
  304: "Nothing is new",
  503: "Not now",
};

const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", pattern: "^[\\w-]{16,64}$" },
  description:
    "New for each command. Sent again with it within 30 days, the command is not carried out again, and answered the same.",
};

const BOARD_SEQ = {
  "board-seq": {
    description: "The seq of the command's last event",
    schema: { type: "integer" },
  },
};
