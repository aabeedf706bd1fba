import * as z from "zod";

/** The marketplaces Casebridge has a connector for. Adding one here does not compile until the registry has it too. */
export const channels = ["douyin", "shopify", "taobao", "jd", "amazon"] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;
