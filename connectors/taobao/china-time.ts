const chinaOffsetMs = 8 * 3_600_000;

/** The wall-clock text `yyyy-MM-dd HH:mm:ss` in China, as the platform writes and expects all its times. */
export function chinaTimeOf(date: Date): string {
  return new Date(date.getTime() + chinaOffsetMs).toISOString().slice(0, 19).replace("T", " ");
}
