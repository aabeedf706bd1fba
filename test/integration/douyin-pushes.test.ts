import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseLossless } from "#shared/json.ts";
import { post } from "./send.ts";
import { useIntake } from "./stack.ts";

// Constructed samples that are kept beside the repository, not in it.
const folder = new URL("../../../shared/channels/samples/douyin/", import.meta.url);
const isHere = existsSync(folder);
const files = isHere ? readdirSync(folder).filter((file) => file.startsWith("webhook-")) : [];

interface Sample {
  headers: Record<string, string>;
  raw_body: string;
  event_sign_if_hmac_sha256_is_configured: string;
  decoded: { tag: string; msg_id: string; data: Record<string, string | number> }[];
  expected_reply: object;
}

describe.skipIf(!isHere)(`the sample pushes${isHere ? "" : " (skipped: they are not beside this checkout)"}`, () => {
  const intake = useIntake();
  const sampleOf = (file: string) => parseLossless(readFileSync(new URL(file, folder), "utf8")) as unknown as Sample;

  it("are all there", () => expect(files).toHaveLength(25));

  it.each(files)("%s gets the reply it is owed, and its ids are queued byte for byte", async (file) => {
    const { urlOf, take } = intake();
    const { headers, raw_body: body, decoded, expected_reply: reply, ...rest } = sampleOf(file);
    const answer = await post(urlOf("douyin"), headers, body);
    expect([answer.status, answer.contentType, JSON.parse(answer.body)]).toEqual([200, "application/json", reply]);

    // Tag 0 is the console's probe; every other sample speaks of one case per record.
    const expected = decoded.filter(({ tag }) => tag !== "0");
    const bodies = await take("-intake.fifo");
    expect(bodies).toHaveLength(expected.length);
    for (const { tag, msg_id: id, data } of expected) {
      // The digits are looked for in the text of the message: a parser on the way would have rounded them.
      const holds = bodies.find((text) => text.includes(`"channelCaseId":"${data.aftersale_id}"`) && text.includes(id));
      expect(holds, `no message for ${data.aftersale_id}`).toContain(`"topic":"${tag}"`);
      expect(holds).toContain(`"shopId":"${data.shop_id}"`);
      expect(body).toContain(`aftersale_id\\":${data.aftersale_id}`);
    }

    const hmac = { ...headers, "event-sign": rest.event_sign_if_hmac_sha256_is_configured };
    expect((await post(urlOf("douyin"), hmac, body)).status).toBe(200);
    expect(await take("-intake.fifo")).toEqual([]); // the same messages again: the queue has them already
  });
});
