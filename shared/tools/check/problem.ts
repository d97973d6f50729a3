/** One thing that is wrong with the repository. */
export interface Problem {
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong and what to do, in one sentence. */
  readonly message: string;
}

export function formatProblem({ file, line, message }: Problem): string {
  return `${file}:${line}  ${message}`;
}
