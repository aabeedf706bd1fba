/**
 * The table as data. The CDK stack defines the same, and a test compares the two. The indexes hold keys only: a change
 * that moves neither clock nor worklist then costs no write to them, and the readers take the item itself, which is
 * never behind.
 */
export const table = {
  partitionKey: "pk",
  sortKey: "sk",
  indexes: [
    { name: "due", partitionKey: "duePartition", sortKey: "dueAt", projection: "KEYS_ONLY" },
    { name: "worklist", partitionKey: "worklistPartition", sortKey: "worklistAt", projection: "KEYS_ONLY" },
    { name: "risk", partitionKey: "riskPartition", sortKey: "riskAt", projection: "KEYS_ONLY" },
  ],
  stream: "NEW_AND_OLD_IMAGES",
  /** Whole epoch seconds, because DynamoDB expects those. */
  expiryAttribute: "expiresAtSeconds",
} as const;

export type IndexName = (typeof table.indexes)[number]["name"];
