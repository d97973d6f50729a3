// Signing up, and another password.
import { route } from "@hectoday/http";
import { z } from "zod";
import { hashPassword, verifyPassword } from "../../../chapters/06-auth/passwords.ts";
import { badInput, errorResponse } from "../../../shared/refusal.ts";
import { ACCOUNT } from "../../board/limits.ts";
import { type ApiRoute, documented } from "../api-route.ts";
import { ownSessionOf, tooMany, type Visitor } from "../auth/auth.ts";
import { isDemoPassword, isFromHere } from "../auth/demo.ts";
import { hashSecret } from "../auth/secrets.ts";
import { noContent } from "../json.ts";
import { nothing, session } from "../schemas.ts";
import { begin, type SessionRouteOptions, tooBusy } from "./session-routes.ts";

const password = z
  .string()
  .min(ACCOUNT.minPassword, `A password has at least ${ACCOUNT.minPassword} characters`)
  .max(ACCOUNT.maxPassword)
  .describe(`Any characters, at least ${ACCOUNT.minPassword} of them`);

const newUser = z
  .strictObject({
    userId: z.string().regex(new RegExp(`^${ACCOUNT.userId}$`), `A user name is ${ACCOUNT.userIdInWords}`),
    name: z
      .string()
      .trim()
      .min(1)
      .max(ACCOUNT.name)
      .regex(/^[^\p{Cc}]*$/u, "One line, without control characters"),
    password,
    invitation: z
      .string()
      .max(100)
      .optional()
      .describe("Its token, where signing up is not open to everybody"),
  })
  .refine(({ userId, password }) => password.toLowerCase() !== userId, {
    path: ["password"],
    message: "The password must not be the user name",
  });

const passwordChange = z.strictObject({
  currentPassword: z.string().min(1).max(ACCOUNT.maxPassword),
  password,
});

export interface UserRouteOptions extends SessionRouteOptions {
  /** Whether everybody may sign up. Otherwise it takes an invitation. */
  readonly isSignUpOpen: boolean;
  readonly now: () => number;
}

export function userRoutes(options: UserRouteOptions): ApiRoute[] {
  const { store, auth, turns, isDemo, isSignUpOpen, now } = options;

  async function mayJoin(invitation: string | undefined): Promise<boolean> {
    if (isSignUpOpen) return true;
    return (
      invitation !== undefined && (await store.invitationByHash(hashSecret(invitation), now())) !== undefined
    );
  }

  return [
    documented(
      route.post("/users", {
        request: { body: newUser },
        response: { 201: session },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const { userId, name, password, invitation } = c.input.body;
          const waitMs = auth.more.signUps.take(auth.addressOfRequest(c.request));
          if (waitMs > 0) return tooMany(waitMs);
          if (!(await mayJoin(invitation))) {
            return errorResponse(403, "sign_up_closed", "Signing up takes an invitation here.");
          }
          const passwordHash = await turns.take(() => hashPassword(password));
          if (passwordHash === undefined) return tooBusy();
          const refused = await store.createUser({ id: userId, name, passwordHash });
          if (refused) return refused.toResponse();
          return begin(store, auth, c.locals as unknown as Visitor, userId, 201);
        },
      }),
      {
        summary: "Sign up",
        details: "And sign in: the answer sets the cookie.",
        tag: "Accounts",
        access: "anybody",
        refusals: { 403: "sign_up_closed", 409: "exists", 503: "busy" },
      },
    ),

    documented(
      route.patch("/users/me", {
        request: { body: passwordChange },
        response: { 204: nothing },
        resolve: async (c) => {
          if (!c.input.ok) return badInput(c.input.issues);
          const session = ownSessionOf(c);
          const { currentPassword, password } = c.input.body;
          if (password.toLowerCase() === session.userId) {
            return badInput([
              {
                part: "body",
                path: ["password"],
                message: "The password must not be the user id",
                code: "custom",
              },
            ]);
          }
          const waitMs = await auth.signIns(session.userId, auth.addressOfRequest(c.request));
          if (waitMs > 0) return tooMany(waitMs);
          const stored = (await store.user(session.userId))?.passwordHash;
          const isUsable = !isDemoPassword(stored) || (isDemo && isFromHere(c.request));
          const isRight = await turns.take(() =>
            verifyPassword(currentPassword, isUsable ? stored : undefined),
          );
          if (isRight === undefined) return tooBusy();
          if (!isRight) return errorResponse(403, "wrong_credentials", "The current password is wrong.");
          const hash = await turns.take(() => hashPassword(password));
          if (hash === undefined) return tooBusy();
          await store.setPassword(session.userId, hash);
          // Whoever knew the old one may be signed in somewhere.
          for (const id of await store.endOtherSessions(session.userId, session.id)) {
            auth.permissions.endSession(id);
          }
          return noContent();
        },
      }),
      {
        summary: "Change your password",
        details: "Ends your other sessions. API tokens stay: delete those that you do not know.",
        tag: "Accounts",
        access: "session",
        refusals: { 403: "wrong_credentials", 503: "busy" },
      },
    ),
  ];
}
