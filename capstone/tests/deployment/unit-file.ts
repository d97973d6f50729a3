// As much of systemd's unit files and of Dockerfiles as ours need.

/** What the `Environment=` lines of a unit say. */
export function environmentOf(unit: string): Record<string, string> {
  const lines = [...unit.matchAll(/^Environment=(.*)$/gm)].map(([, line = ""]) => line);
  return Object.fromEntries(lines.flatMap((line) => line.split(" ").map(pairOf)));
}

/** The value of a setting that stands there once. */
export function settingOf(unit: string, name: string): string {
  const [found, ...others] = [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))];
  if (!found || others.length > 0) throw new Error(`The unit has not one ${name}.`);
  return found[1] ?? "";
}

export interface Dockerfile {
  /** Copied from the repository, with its path there. */
  readonly copied: readonly { readonly from: readonly string[]; readonly to: string }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

export function readDockerfile(text: string): Dockerfile {
  const lines = text
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => line.split(/\s+/));
  const of = (name: string) => lines.filter(([first]) => first === name).map(([, ...words]) => words);
  return {
    copied: of("COPY").map((words) => ({ from: words.slice(0, -1), to: words.at(-1) ?? "" })),
    environment: Object.fromEntries(of("ENV").flatMap((words) => words.map(pairOf))),
    command: JSON.parse(of("CMD").at(-1)?.join(" ") ?? "[]"),
  };
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
