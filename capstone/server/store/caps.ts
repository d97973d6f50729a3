/** How many there may be, beside `LIMITS`. */
export const CAPS = {
  /** Boards whose owner a user is. */
  boards: 200,
  /** API tokens of a user. */
  tokens: 20,
  /** Invitations of a board that hold. */
  invitations: 50,
  /** Webhooks of a board. */
  webhooks: 10,
} as const;
