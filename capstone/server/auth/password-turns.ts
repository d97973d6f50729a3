// Passwords are slow on purpose. Node has four threads for them, for files and for compression together: two stay free.
import { createTurns } from "../../../chapters/06-auth/turns.ts";

export type PasswordTurns = ReturnType<typeof createTurns>;

export function createPasswordTurns(): PasswordTurns {
  return createTurns(2, 20);
}
