/** Now, in milliseconds. The same clock in all processes of a machine, and nobody sets it. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
