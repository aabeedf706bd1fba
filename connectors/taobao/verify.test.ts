import { describe, expect, it } from "vitest";
import { signatureOf } from "./verify.ts";

/** The example that the platform's protocol document prints. */
const documented = {
  method: "taobao.item.seller.get",
  app_key: "12345678",
  session: "test",
  timestamp: "2016-01-01 12:00:00",
  format: "json",
  v: "2.0",
  sign_method: "md5",
  fields: "num_iid,title,nick,price,num",
  num_iid: "11223344",
};

describe("the signature", () => {
  it("equals the one in the platform's document", () => {
    const signature = signatureOf(documented, { secret: "helloworld", method: "md5" });
    expect(signature).toBe("66987CB115214E59E6EC978214934FB8");
  });

  it("orders names by code units: an underscore before a letter", () => {
    const params = { foo: "1", bar: "2", foo_bar: "3", foobar: "4" };
    expect(signatureOf(params, { secret: "helloworld", method: "md5" })).toBe("5AAF1C690262A24768F5478B084C2C8A");
  });

  it.each(["md5", "hmac", "hmac-sha256"] as const)("by %s leaves out empty values and itself", (method) => {
    const signature = signatureOf(documented, { secret: "helloworld", method });
    const more = { ...documented, buyer_nick: "", sign: "ANY" };
    expect(signatureOf(more, { secret: "helloworld", method })).toBe(signature);
    expect(signature).toMatch(method === "hmac-sha256" ? /^[0-9A-F]{64}$/ : /^[0-9A-F]{32}$/);
  });

  it("takes values as they are, not as they are encoded", () => {
    const [plain, encoded] = ["退款 a+b", encodeURIComponent("退款 a+b")].map((message) =>
      signatureOf({ message }, { secret: "helloworld", method: "md5" }),
    );
    expect(plain).not.toBe(encoded);
  });
});
