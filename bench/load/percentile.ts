/** The value that a share of the values (0.5: half of them) are not above; NaN when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const inOrder = [...values].sort((a, b) => a - b);
  return inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * share))] ?? Number.NaN;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const inOrder = [...values].sort((a, b) => a - b);
  const middle = Math.floor(inOrder.length / 2);
  const [lower, upper] = [inOrder[inOrder.length % 2 ? middle : middle - 1], inOrder[middle]];
  return lower === undefined || upper === undefined ? Number.NaN : (lower + upper) / 2;
}
