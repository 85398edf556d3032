/** `2026-01-02T03:04:05.123456Z`, of microseconds. */
export function isoTime(micros: bigint): string {
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
  const rest = String(micros - seconds * 1_000_000n).padStart(6, '0');
  const date = new Date(Number(seconds) * 1_000);
  if (Number.isNaN(date.getTime())) return String(micros);
  return `${date.toISOString().slice(0, -5)}.${rest}Z`;
}
