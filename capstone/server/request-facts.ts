// What is known about a request while it is answered, for those who write it down afterwards. It goes along as `env`.
import type { RouteDescriptor } from "@hectoday/http";

export interface RequestFacts {
  /** Names the request in all logs. */
  readonly id: string;
  /** A time of `performance.now()`. */
  readonly startedAt: number;
  /** The template, such as `/boards/:boardId`: never the path itself, which can contain a secret. */
  route?: string;
  userId?: string;
}

/** An id that a proxy has given already is kept, if it can do no harm in a log. */
export function idOfRequest(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && /^[\w-]{1,64}$/.test(given) ? given : crypto.randomUUID();
}

/** The same route, which says that it was the one. */
export function noting(descriptor: RouteDescriptor): RouteDescriptor {
  const { resolve } = descriptor.config;
  return {
    ...descriptor,
    config: {
      ...descriptor.config,
      resolve(c) {
        const facts = c.env as Partial<RequestFacts> | undefined;
        if (facts) facts.route = descriptor.path;
        return resolve(c);
      },
    },
  };
}
