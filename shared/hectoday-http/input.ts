import type { ZodError, ZodType } from "zod";
import { BodyTooLarge, readText } from "./read-text.ts";

/** The part of a request that an issue is about. */
export type InputPart = "params" | "query" | "body";

/** One thing that is wrong with a request. */
export interface ValidationIssue {
  readonly part: InputPart;
  /** Where in the part: `["address", "city"]`; empty for the part as a whole. */
  readonly path: readonly string[];
  /** A sentence for the caller. */
  readonly message: string;
  /** zod's issue code, or one of ours: `invalid_json`, `body_too_large`, `invalid_escape`. */
  readonly code: string;
}

export interface ValidInput<Params, Query, Body> {
  readonly ok: true;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly issues: readonly [];
  readonly failed: readonly [];
}

export interface InvalidInput {
  readonly ok: false;
  readonly params: undefined;
  readonly query: undefined;
  readonly body: undefined;
  /** Every issue of every part: a caller who fixes them all succeeds the next time. */
  readonly issues: readonly ValidationIssue[];
  readonly failed: readonly InputPart[];
}

/** What the schemas made of a request. Check `ok` first: it tells the two shapes apart. */
export type InputState<Params = Record<string, string>, Query = QueryRecord, Body = unknown> =
  | ValidInput<Params, Query, Body>
  | InvalidInput;

/** A parsed query string. A repeated key is an array, in the order of the URL. */
export type QueryRecord = Record<string, string | string[] | undefined>;

export interface RequestSchemas {
  readonly params?: ZodType | undefined;
  readonly query?: ZodType | undefined;
  readonly body?: ZodType | undefined;
}

type Parsed = { value: unknown } | { issues: ValidationIssue[] };

/** Reads and checks the three parts of a request. Bad input is a value here, never a throw. */
export async function readInput(
  request: Request,
  rawParams: Record<string, string>,
  schemas: RequestSchemas,
  maxBodyBytes: number,
): Promise<InputState> {
  const params = await check("params", schemas.params, decodeParams(rawParams));
  const query = await check("query", schemas.query, parseQuery(request.url));
  const body = schemas.body
    ? await check("body", schemas.body, await readJson(request, maxBodyBytes))
    : { value: undefined };

  const parts = { params, query, body };
  const issues: ValidationIssue[] = [];
  const failed: InputPart[] = [];
  for (const part of ["params", "query", "body"] as const) {
    const parsed = parts[part];
    if ("value" in parsed) continue;
    failed.push(part);
    issues.push(...parsed.issues);
  }

  if (!("value" in params && "value" in query && "value" in body)) {
    return { ok: false, params: undefined, query: undefined, body: undefined, issues, failed };
  }
  return {
    ok: true,
    params: params.value as Record<string, string>,
    query: query.value as QueryRecord,
    body: body.value,
    issues: [],
    failed: [],
  };
}

async function check(part: InputPart, schema: ZodType | undefined, parsed: Parsed): Promise<Parsed> {
  if ("issues" in parsed || !schema) return parsed;
  const result = await schema.safeParseAsync(parsed.value);
  return result.success ? { value: result.data } : { issues: issuesOf(part, result.error) };
}

function issuesOf(part: InputPart, error: ZodError): ValidationIssue[] {
  return error.issues.map(({ path, message, code }) => ({ part, path: path.map(String), message, code }));
}

function decodeParams(raw: Record<string, string>): Parsed {
  const params: Record<string, string> = Object.create(null);
  const issues: ValidationIssue[] = [];
  for (const [name, text] of Object.entries(raw)) {
    const value = decode(text);
    if (value === undefined) issues.push(invalidEscape("params", [name]));
    else params[name] = value;
  }
  return issues.length > 0 ? { issues } : { value: params };
}

/**
 * Query strings as HTML forms write them: `+` and `%20` are spaces.
 * Not `URLSearchParams`, which turns a malformed escape into other text without a word.
 * @see https://url.spec.whatwg.org/#concept-urlencoded-parser
 */
function parseQuery(url: string): Parsed {
  // No prototype: `?__proto__=x` and `?toString=x` are keys like any other.
  const query: QueryRecord = Object.create(null);
  const issues: ValidationIssue[] = [];
  for (const pair of queryOf(url).split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const key = decode(spaced(equals === -1 ? pair : pair.slice(0, equals)));
    const value = decode(spaced(equals === -1 ? "" : pair.slice(equals + 1)));
    if (key === undefined || value === undefined) {
      issues.push(invalidEscape("query", key === undefined ? [] : [key]));
      continue;
    }
    const seen = query[key];
    if (seen === undefined) query[key] = value;
    else if (Array.isArray(seen)) seen.push(value);
    else query[key] = [seen, value];
  }
  return issues.length > 0 ? { issues } : { value: query };
}

function queryOf(url: string): string {
  const withoutFragment = url.split("#", 1)[0] ?? "";
  const start = withoutFragment.indexOf("?");
  return start === -1 ? "" : withoutFragment.slice(start + 1);
}

function spaced(text: string): string {
  return text.replaceAll("+", " ");
}

/** @returns the decoded text, or undefined when `%` is not followed by the escape of valid UTF-8. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function invalidEscape(part: InputPart, path: string[]): ValidationIssue {
  return {
    part,
    path,
    message: "Malformed percent-escape: write a literal % as %25",
    code: "invalid_escape",
  };
}

async function readJson(request: Request, maxBodyBytes: number): Promise<Parsed> {
  let text: string;
  try {
    text = await readText(request, maxBodyBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    return { issues: [{ part: "body", path: [], message: error.message, code: "body_too_large" }] };
  }
  // No body at all is for the schema to judge: an optional body is allowed to be missing.
  if (text === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return {
      issues: [{ part: "body", path: [], message: "The body is not valid JSON", code: "invalid_json" }],
    };
  }
}
