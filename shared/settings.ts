/** A setting that cannot be used, with a sentence for the person who set it. */
export class SettingError extends Error {}

/** A program's exit code after a `SettingError`: EX_CONFIG in BSD's sysexits. */
export const SETTING_EXIT_CODE = 78;

/** The port when nobody chose one. */
export const DEFAULT_PORT = 3000;

/**
 * Reads a port as it stands in the environment variable `PORT`.
 *
 * @returns 0 to 65535, where 0 lets the system choose a free one; 3000 when nothing is set
 * @throws {SettingError} when the text is no port
 */
export function parsePort(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new SettingError(`PORT is "${text}", which is no port: set it to a number from 0 to 65535.`);
}

/**
 * Reads a whole number from an environment variable.
 *
 * @param fallback when nothing is set
 * @throws {SettingError} when the text is no whole number above 0
 */
export function numberSetting(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return fallback;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new SettingError(`${name} is "${text}", which is no number above 0: set it to one, or leave it out.`);
}

/**
 * The port of the tap: the one after the stage's.
 * @throws {SettingError} when there is none
 */
export function tapPortFor(stagePort: number): number {
  if (stagePort === 0) return 0;
  if (stagePort < 65_535) return stagePort + 1;
  throw new SettingError("PORT is 65535, and the tap needs the port after it: set it to 65534 or less.");
}
