// From many numbers to one.

/** Half of them are below it. NaN when there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/**
 * The value that a share of them does not exceed.
 * @param share 0.99 for the 99th percentile
 */
export function percentile(numbers: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** What was measured of one server in one repetition. */
export interface Sample {
  readonly server: string;
  readonly repetition: number;
  readonly values: Readonly<Record<string, number>>;
}

/** All values of a server, in the order of the repetitions. */
export function valuesOf(samples: readonly Sample[], server: string, metric: string): number[] {
  return samples
    .filter((sample) => sample.server === server && metric in sample.values)
    .map(({ values }) => values[metric] as number);
}

/**
 * One server's value divided by another's, for each repetition that has both. What the machine does meanwhile changes from minute
 * to minute, and concerns both.
 */
export function pairedRatios(
  samples: readonly Sample[],
  metric: string,
  server: string,
  other: string,
): number[] {
  const byRepetition = new Map(
    samples
      .filter((sample) => sample.server === other && metric in sample.values)
      .map(({ repetition, values }) => [repetition, values[metric] as number]),
  );
  return samples
    .filter((sample) => sample.server === server && metric in sample.values)
    .flatMap(({ repetition, values }) => {
      const divisor = byRepetition.get(repetition);
      return divisor === undefined ? [] : [(values[metric] as number) / divisor];
    });
}
