// Passwords: stored so that whoever steals the table has to guess each of them, slowly.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * What one guess costs: 16 MiB of memory, five times over. One of the settings that OWASP calls equally strong.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const COST = { ln: 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** @returns `$scrypt$ln=14,r=8,p=5$SALT$HASH`: the cost is stored too, so that it can be raised later */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(normalised(password), salt, HASH_BYTES, optionsOf(COST));
  const { ln, r, p } = COST;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/**
 * @param stored undefined for a user who does not exist: it takes as long as a wrong password, so that the time does not
 * tell who exists
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const { cost, salt, hash } = parse(stored ?? NOBODY);
  const derived = await derive(normalised(password), salt, hash.length, optionsOf(cost));
  // Byte by byte to the end, wherever the first difference is.
  return timingSafeEqual(derived, hash) && stored !== undefined;
}

/** A hash that belongs to nobody, at the same cost. */
const NOBODY = `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

function parse(stored: string) {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (!match) throw new TypeError("a stored password has an unknown form");
  const [, ln, r, p, salt = "", hash = ""] = match;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    hash: Buffer.from(hash, "base64url"),
  };
}

function optionsOf({ ln, r, p }: typeof COST): ScryptOptions {
  const N = 2 ** ln;
  return { N, r, p, maxmem: 256 * N * r };
}

/** The same letters typed on another keyboard can be other bytes. */
function normalised(password: string): string {
  return password.normalize("NFKC");
}
