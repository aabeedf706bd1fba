/** Days off and days at work of a year by proclamation, where no rule gives them. */
export interface ShiftedDays {
  closedOn: readonly [from: string, until: string][];
  openOn: readonly string[];
  link: string;
  readOn: string;
}

/**
 * Mainland China moves days of work around its festivals, each autumn for the year after. The holiday library has the days
 * of law only. A year that is not here counts by the days of law: earlier, never later.
 */
export const shiftedDaysOfChina: Readonly<Record<number, ShiftedDays>> = {
  2025: {
    closedOn: [
      ["2025-01-01", "2025-01-01"],
      ["2025-01-28", "2025-02-04"],
      ["2025-04-04", "2025-04-06"],
      ["2025-05-01", "2025-05-05"],
      ["2025-05-31", "2025-06-02"],
      ["2025-10-01", "2025-10-08"],
    ],
    openOn: ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
    link: "https://www.gov.cn/zhengce/content/202411/content_6986382.htm",
    readOn: "2026-11-25",
  },
  2026: {
    closedOn: [
      ["2026-01-01", "2026-01-03"],
      ["2026-02-15", "2026-02-23"],
      ["2026-04-04", "2026-04-06"],
      ["2026-05-01", "2026-05-05"],
      ["2026-06-19", "2026-06-21"],
      ["2026-09-25", "2026-09-27"],
      ["2026-10-01", "2026-10-07"],
    ],
    openOn: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
    link: "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
    readOn: "2026-11-25",
  },
};
