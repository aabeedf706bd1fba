import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { SuiteError } from "../errors.ts";
import { type BusEvent, eventSource } from "../events/case-events.ts";

/** EventBridge takes at most ten entries a request. */
const entriesPerRequest = 10;

/**
 * Puts events on the bus. EventBridge may take some entries of a request and refuse others, so the answer is read entry
 * by entry. @throws SuiteError `bus_unavailable` when any was not taken; putting them all again is safe for subscribers.
 */
export async function publish(
  events: readonly BusEvent[],
  { client, busName }: { client: EventBridgeClient; busName: string },
): Promise<void> {
  for (let start = 0; start < events.length; start += entriesPerRequest) {
    const entries = events.slice(start, start + entriesPerRequest).map(
      ({ name, detail }): PutEventsRequestEntry => ({
        EventBusName: busName,
        Source: eventSource,
        DetailType: name,
        Time: new Date(detail.at),
        Detail: JSON.stringify(detail),
      }),
    );
    const { FailedEntryCount, Entries } = await client.send(new PutEventsCommand({ Entries: entries }));
    if (FailedEntryCount) {
      const code = Entries?.find(({ ErrorCode }) => ErrorCode)?.ErrorCode;
      throw new SuiteError("bus_unavailable", "the bus did not take every event", {
        details: { failed: FailedEntryCount, code },
      });
    }
  }
}
