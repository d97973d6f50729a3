/**
 * Waits until a condition holds, instead of for a fixed time.
 *
 * @param what completes "waited for …" in the error
 * @param timeoutMs how long at most
 * @returns the first value that is neither false, null nor undefined
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeoutMs = 5_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== false && value != null) return value as NonNullable<T>;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
