import type { HttpHead } from "./http-decoder.ts";

/** Who is at the other end of a connection, by the first request on it: `alice`, `bob`, or `other`, a curl for instance. */
export type Person = string;

/**
 * On the stage each person has a host of their own, `bob.course.localhost`. Where there is one host for all, the page's
 * address or a header names the user.
 */
export function personOf(head: HttpHead): Person {
  const header = (name: string) => head.headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? "";
  const byHost = /^([a-z0-9-]+)\.course\.localhost(:|$)/.exec(header("host"))?.[1];
  const byUser = (url: string) => /[?&]user=([a-z0-9-]+)/.exec(url)?.[1];
  const byHeader = /^[a-z0-9-]+$/.exec(header("x-user"))?.[0];
  return byHost ?? byUser(head.target ?? "") ?? byHeader ?? byUser(header("referer")) ?? "other";
}
