import { describe, expect, it } from "vitest";
import { instantOfChinaTime, instantOfText } from "./time.ts";

describe("instantOfText", () => {
  it.each([
    ["2026-01-01T08:10:00+08:00", "2026-01-01T00:10:00.000Z"],
    ["2026-01-01T08:10:00.123456789+08:00", "2026-01-01T00:10:00.123Z"],
    ["2026-01-01T08:10:00.5Z", "2026-01-01T08:10:00.500Z"],
    ["2026-03-08T02:30:00-05:00", "2026-03-08T07:30:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2026-02-30T00:00:00Z", undefined],
    ["2026-01-01T24:00:00Z", undefined],
    ["2026-01-01T08:10:00", undefined],
    ["2026-01-01T08:10:00+99:00", undefined],
    ["0000-01-01T00:00:00Z", undefined],
    ["2126-01-01T00:00:00Z", undefined],
    ["2026-01-01", undefined],
    ["", undefined],
    ["1767225600", undefined],
  ])("reads %s as %s", (text, expected) => {
    expect(instantOfText(text)).toBe(expected);
  });
});

describe("instantOfChinaTime", () => {
  it.each([
    ["2026-01-01 08:00:00", "2026-01-01T00:00:00.000Z"],
    ["2026-02-30 08:00:00", undefined],
    ["2026-01-01T08:00:00", undefined],
    ["2026-01-01 08:00", undefined],
  ])("reads %s as %s", (text, expected) => {
    expect(instantOfChinaTime(text)).toBe(expected);
  });
});
