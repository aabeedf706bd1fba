import { expect, it } from "vitest";
import { newsData, newsNames } from "#shared/case/news.ts";
import { anyDetailSchema } from "#shared/events/case-events.ts";
import { eventExamples } from "./event-examples.ts";
import { pageNames, readPage, renewed } from "./generate.ts";

it.each(pageNames)("%s says what the code says; else run `node docs/generate.ts`", (name) => {
  expect(readPage(name)).toBe(renewed(name));
});

it.each(newsNames)("the example of %s is one", (name) => {
  expect(newsData[name].parse(eventExamples[name].data)).toEqual(eventExamples[name].data);
});

it("events.md explains every member of the envelope", () => {
  const page = readPage("events.md");
  expect(Object.keys(anyDetailSchema.shape).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
