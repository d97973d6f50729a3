// What opens a door is random and long, is shown once, and is stored only as its hash.
import { createHash, randomBytes } from "node:crypto";

/** @param bytes 24 for links, 32 for sessions and tokens: neither can be guessed */
export function newSecret(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

/** Fast on purpose: random bits cannot be guessed, whatever one guess costs. Passwords are another matter. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
