import type { Connect } from "../../shared/web/connect.ts";

/**
 * Request and response is all there is: the server cannot say that something has changed, so there is nothing to
 * follow. The page has a Refresh button instead.
 */
export const connect: Connect = () => {
  return () => {};
};
