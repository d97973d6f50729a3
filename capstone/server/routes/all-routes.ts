// All routes of the app, and their documentation.
import type { ApiRoute } from "../api-route.ts";
import type { Auth } from "../auth/auth.ts";
import { createPasswordTurns } from "../auth/password-turns.ts";
import type { Live } from "../live/live.ts";
import type { Store } from "../store/store.ts";
import type { Webhooks } from "../webhooks.ts";
import { boardRoutes } from "./board-routes.ts";
import { documentationRoutes } from "./documentation-routes.ts";
import { exportRoutes } from "./export-routes.ts";
import { followRoutes } from "./follow-routes.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { listRoutes } from "./list-routes.ts";
import { memberRoutes } from "./member-routes.ts";
import { type OperationOptions, operationRoutes } from "./operation-routes.ts";
import { presenceRoutes } from "./presence-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { taskRoutes } from "./task-routes.ts";
import { tokenRoutes } from "./token-routes.ts";
import { userRoutes } from "./user-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";

export interface RouteOptions extends OperationOptions {
  readonly store: Store;
  readonly auth: Auth;
  readonly live: Pick<Live, "openStream" | "longPoll" | "people" | "look">;
  readonly webhooks: Webhooks;
  readonly isDemo: boolean;
  readonly isSignUpOpen: boolean;
  readonly publicOrigin: string | undefined;
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number;
}

export function allRoutes(options: RouteOptions): readonly ApiRoute[] {
  const { store, auth, live, webhooks, now } = options;
  const accounts = { ...options, turns: createPasswordTurns() };
  const routes = [
    ...sessionRoutes(accounts),
    ...userRoutes(accounts),
    ...tokenRoutes(store, auth, now),
    ...boardRoutes(store, auth, live),
    ...exportRoutes(store, auth),
    ...listRoutes(store),
    ...taskRoutes(store),
    ...searchRoutes(store, auth),
    ...followRoutes(store, auth, live),
    ...presenceRoutes(store, live.people),
    ...memberRoutes(store),
    ...invitationRoutes(store, auth, now),
    ...webhookRoutes(store, webhooks),
    ...operationRoutes(options),
  ];
  return [...routes, ...documentationRoutes(routes, options.publicOrigin)];
}
