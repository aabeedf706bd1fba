import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import { type DeadLetterQueue, QueueWithDlq, triesOfADay } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import type { DataStack } from "./data.ts";

/** The way of what channels say of a shop itself: our app was removed, somebody asks to know or to be forgotten. */
export class ShopNotices extends Construct {
  readonly #queue: QueueWithDlq;

  constructor(scope: Construct, id: string, { data, quarantine }: { data: DataStack; quarantine: DeadLetterQueue }) {
    super(scope, id);
    const { table, outbound, channelEnvironment } = data;
    const handledWithin = Duration.minutes(2);
    this.#queue = new QueueWithDlq(this, "shop-notices", { handledWithin, tries: triesOfADay });
    const handleShopNotice = new SuiteFunction(this, "handle-shop-notice", {
      description: "Parks shops that have left; fulfils rights to know and to be forgotten",
      timeout: handledWithin,
      outbound,
      environment: {
        ...channelEnvironment,
        SHOP_NOTICES_QUEUE_URL: this.#queue.url,
        QUARANTINE_QUEUE_URL: quarantine.queueUrl,
      },
    });
    this.#queue.feed(handleShopNotice, { batchSize: 1 });
    this.#queue.takesFrom(handleShopNotice); // a request that takes several messages
    handleShopNotice.may(["sqs:SendMessage"], [quarantine.queueArn]);
    data.shopsServedBy(handleShopNotice, { named: "by channel" });
    // The record of the request, and the cases it is about with their stories.
    table.usedBy(handleShopNotice, ["PutItem"], { keys: ["tenants"] });
    table.usedBy(handleShopNotice, ["Query"], { keys: ["cases", "references"] });
  }

  takesFrom(sender: SuiteFunction): void {
    sender.addEnvironment("SHOP_NOTICES_QUEUE_URL", this.#queue.url);
    this.#queue.takesFrom(sender);
  }
}
