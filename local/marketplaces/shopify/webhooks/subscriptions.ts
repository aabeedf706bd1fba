import type { Journal } from "../../kit/journal.ts";
import { stamp } from "../acts/turn.ts";
import { latestVersion } from "../graphql/versions.ts";
import { gid, numberFrom } from "../model/ids.ts";

interface Kept {
  id: string;
  shop: string;
  topic: string;
  uri: string;
  name?: string;
  filter?: string;
  includeFields?: string[];
  createdAt: string;
  updatedAt: string;
}

export interface Subscription extends Kept {
  view(): object;
}

type Wish = Pick<Kept, "topic" | "uri" | "name" | "filter" | "includeFields">;

/** Subscriptions made through the API, per shop. They are gone after too many failures, and nobody is told. */
export class Subscriptions {
  readonly #journal: Journal;
  readonly #kept = new Map<string, Kept>();

  constructor(journal: Journal) {
    this.#journal = journal;
    for (const one of journal.values("subscription/") as Kept[]) this.#kept.set(one.id, one);
  }

  get count(): number {
    return this.#kept.size;
  }

  list(shop: string): Subscription[] {
    return [...this.#kept.values()].filter((one) => one.shop === shop).map(withView);
  }

  add(shop: string, wish: Wish, now: Date): Subscription {
    const made = Number(this.#journal.get("subscriptions-made") ?? 0) + 1;
    this.#journal.stage("subscriptions-made", made);
    const at = stamp(now);
    const one: Kept = {
      ...wish,
      shop,
      id: numberFrom(shop, "WebhookSubscription", made),
      createdAt: at,
      updatedAt: at,
    };
    this.#save(one);
    return withView(one);
  }

  change(shop: string, id: string, wish: Partial<Wish>, now: Date): Subscription | undefined {
    const one = this.#kept.get(id);
    if (one === undefined || one.shop !== shop) return undefined;
    for (const [name, value] of Object.entries(wish)) if (value !== undefined) Object.assign(one, { [name]: value });
    one.updatedAt = stamp(now);
    this.#save(one);
    return withView(one);
  }

  remove(shop: string, id: string): boolean {
    if (this.#kept.get(id)?.shop !== shop) return false;
    this.#kept.delete(id);
    this.#journal.stage(`subscription/${id}`, undefined);
    return true;
  }

  #save(one: Kept): void {
    this.#kept.set(one.id, one);
    this.#journal.stage(`subscription/${one.id}`, one);
  }
}

function withView(one: Kept): Subscription {
  return {
    ...one,
    view: () => ({
      __typename: "WebhookSubscription",
      id: gid("WebhookSubscription", one.id),
      legacyResourceId: one.id,
      topic: one.topic,
      uri: one.uri,
      callbackUrl: one.uri,
      name: one.name ?? null,
      filter: one.filter ?? null,
      format: "JSON",
      includeFields: one.includeFields ?? [],
      metafieldNamespaces: [],
      createdAt: one.createdAt,
      updatedAt: one.updatedAt,
      apiVersion: { handle: latestVersion, displayName: latestVersion, supported: true },
    }),
  };
}
