/** The package brings no types. Only what our test uses. */
declare module "taobao-sdk" {
  type Callback = (error: unknown, answer: Record<string, unknown>) => void;
  export class ApiClient {
    constructor(options: { appkey: string; appsecret: string; url?: string });
    execute(method: string, params: Record<string, unknown>, callback: Callback): void;
  }
}
