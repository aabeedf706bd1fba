const [width, height, left, bottom] = [860, 360, 60, 300];
const buckets = 24;
const colours = ["#2563eb", "#16a34a", "#d97706", "#9333ea", "#dc2626"];

/** A histogram of how much time was left when clocks were met, by channel; what was missed stands left of zero. */
export function marginChart(margins: readonly { channel: string; hours: number }[], title: string): string {
  const channels = [...new Set(margins.map(({ channel }) => channel))].sort();
  const most = Math.max(1, ...margins.map(({ hours }) => hours));
  const widthHours = most / buckets;
  const bucketOf = (hours: number) => (hours < 0 ? 0 : Math.min(buckets, 1 + Math.floor(hours / widthHours)));
  const counts = Array.from({ length: buckets + 1 }, () => channels.map(() => 0));
  for (const { channel, hours } of margins) {
    const row = counts[bucketOf(hours)];
    const place = channels.indexOf(channel);
    if (row) row[place] = (row[place] ?? 0) + 1;
  }
  const highest = Math.max(1, ...counts.map((row) => row.reduce((sum, each) => sum + each, 0)));
  const step = (width - left - 20) / (buckets + 1);
  const bars = counts.flatMap((row, bucket) => {
    let top = bottom;
    return row.map((count, place) => {
      const size = (count / highest) * 240;
      top -= size;
      const x = left + bucket * step + (bucket === 0 ? 0 : 6);
      return `<rect x="${x.toFixed(1)}" y="${top.toFixed(1)}" width="${(step - 3).toFixed(1)}" height="${size.toFixed(1)}" fill="${colours[place % colours.length]}"/>`;
    });
  });
  const label = (x: number, y: number, text: string, extra = "") =>
    `<text x="${x.toFixed(1)}" y="${y}" font-family="sans-serif" font-size="12" ${extra}>${text}</text>`;
  const ticks = [0, 6, 12, 18, 24].map((bucket) =>
    label(left + (1 + bucket) * step, bottom + 18, `${(bucket * widthHours).toFixed(0)} h`, 'text-anchor="middle"'),
  );
  const legend = channels.map(
    (channel, place) =>
      `<rect x="${left + place * 110}" y="336" width="12" height="12" fill="${colours[place % colours.length]}"/>${label(left + place * 110 + 18, 347, channel)}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    label(left, 28, title, 'font-weight="bold"'),
    label(left, bottom + 18, "missed", 'text-anchor="middle"'),
    label(8, 60, String(highest)),
    `<line x1="${left}" y1="${bottom}" x2="${width - 20}" y2="${bottom}" stroke="#333"/>`,
    ...bars,
    ...ticks,
    ...legend,
    "</svg>\n",
  ].join("\n");
}
