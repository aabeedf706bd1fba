// Every question we ask of the Admin API. No buyer's name, address, e-mail, phone or free text is asked for.
// Page sizes keep one query well below the ceiling of 1,000 points, and small enough for a standard plan: the whole requested
// cost must be in the bucket before it runs. Source: shopify.dev, "API limits" and "Rate limits", read 2026-11-22.

const money = "presentmentMoney { amount currencyCode }";

const lineFields = `
  __typename id quantity processableQuantity processedQuantity unprocessedQuantity
  returnReason returnReasonDefinition { handle name }
  ... on ReturnLineItem {
    restockingFee { amountSet { ${money} } }
    fulfillmentLineItem { id lineItem { id sku } }
    withCodeDiscountedTotalPriceSet { ${money} }
  }
  ... on UnverifiedReturnLineItem { unitPrice { amount currencyCode } }`;

const transactionFields = `id kind status gateway manualPaymentGateway processedAt amountSet { ${money} }`;

const orderFields = `
  id name presentmentCurrencyCode cancelledAt
  disputes { id status }
  fulfillments(first: 10) { deliveredAt }`;

/** A whole return. Lists that may be longer than a page say so; lines are then read page by page. */
export const returnCase = `query ReturnCase($id: ID!, $after: String) {
  return(id: $id) {
    id name status createdAt closedAt
    order { ${orderFields} }
    returnLineItems(first: 25, after: $after) { nodes { ${lineFields} } pageInfo { hasNextPage endCursor } }
    exchangeLineItems(first: 10) { nodes { id quantity processedQuantity } pageInfo { hasNextPage } }
    returnShippingFees { amountSet { ${money} } }
    reverseFulfillmentOrders(first: 2) {
      nodes {
        id status thirdPartyConfirmation { status }
        lineItems(first: 25) {
          nodes { id totalQuantity fulfillmentLineItem { id } dispositions { type quantity createdAt } }
          pageInfo { hasNextPage }
        }
        reverseDeliveries(first: 3) {
          nodes { id deliverable { ... on ReverseDeliveryShippingDeliverable { label { createdAt } tracking { number carrierName } } } }
          pageInfo { hasNextPage }
        }
      }
      pageInfo { hasNextPage }
    }
    refunds(first: 5) {
      nodes { id processedAt transactions(first: 5) { nodes { ${transactionFields} } pageInfo { hasNextPage } } }
      pageInfo { hasNextPage }
    }
  }
}`;

/** A refund; one that belongs to a return only says which. */
export const refundCase = `query RefundCase($id: ID!) {
  refund(id: $id) {
    id createdAt processedAt
    return { id }
    totalRefundedSet { ${money} }
    order { ${orderFields} }
    transactions(first: 10) { nodes { ${transactionFields} } pageInfo { hasNextPage } }
  }
}`;

export const disputeCase = `query DisputeCase($id: ID!) {
  dispute(id: $id) {
    id status type initiatedAt evidenceDueBy evidenceSentOn finalizedOn
    amount { amount currencyCode }
    reasonDetails { reason networkReasonCode }
    order { id name }
    disputeEvidence { id submitted }
  }
}`;

const caseIds = `
  returns(first: 25, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
  refunds(first: 25) { id return { id } }`;

/** Which cases an order has. */
export const orderCases = `query OrderCases($id: ID!, $after: String) { order(id: $id) { id ${caseIds} } }`;

/** Which returns a reverse fulfilment order may belong to: it names its order, not its return. */
export const reverseOrderCases = `query ReverseOrderCases($id: ID!) {
  reverseFulfillmentOrder(id: $id) {
    id order { id returns(first: 25) { nodes { id reverseFulfillmentOrders(first: 5) { nodes { id } } } pageInfo { hasNextPage } } }
  }
}`;

export const reverseDeliveryCases = `query ReverseDeliveryCases($id: ID!) {
  reverseDelivery(id: $id) { id reverseFulfillmentOrder { id } }
}`;

/** Orders that changed and have something to do with after-sales. There is no query for returns. */
export const returnsSweep = `query ReturnsSweep($query: String!, $after: String) {
  orders(first: 25, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id updatedAt returns(first: 5) { nodes { id } pageInfo { hasNextPage } } refunds(first: 5) { id return { id } } }
  }
}`;

/**
 * The same orders for the first import: run in bulk, where connections have edges and no pages and there are no variables,
 * so the search stands in it in place of `WINDOW`. Each object of a connection becomes a line of its own.
 */
export const ordersInBulk = `query OrdersInBulk {
  orders(query: "WINDOW") {
    edges { node { id updatedAt refunds { id return { id } } returns { edges { node { id order { updatedAt } } } } } }
  }
}`;

export const runBulk = `mutation RunBulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: false) { bulkOperation { id } userErrors { code field message } }
}`;

export const bulkProgress = `query BulkProgress($id: ID!) {
  bulkOperation(id: $id) { id status objectCount fileSize url }
}`;

/** The newest come first. */
export const recentBulk = `query RecentBulk {
  bulkOperations(first: 10, query: "operation_type:query") { nodes { id status query } }
}`;

export const disputesSweep = `query DisputesSweep($query: String!, $after: String) {
  disputes(first: 50, after: $after, query: $query) {
    pageInfo { hasNextPage endCursor }
    nodes { id status evidenceDueBy evidenceSentOn finalizedOn }
  }
}`;

export const locations = `query Locations($after: String) {
  locations(first: 50, after: $after) { pageInfo { hasNextPage endCursor } nodes { id name isActive isPrimary } }
}`;

export const subscriptions = `query Subscriptions($after: String) {
  webhookSubscriptions(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id topic uri } }
}`;

export const subscribe = `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
    webhookSubscription { id } userErrors { field message }
  }
}`;

// ── Acting: the read right before a write, and the write ────────────────────────────────────────────────────────────

/** What a write to a return is decided on: nothing protects it from being done twice except what is read here. */
export const returnBeforeWrite = `query ReturnBeforeWrite($id: ID!) {
  return(id: $id) {
    id status
    returnLineItems(first: 50) {
      nodes { id quantity processableQuantity processedQuantity ... on ReturnLineItem { fulfillmentLineItem { id } } }
      pageInfo { hasNextPage }
    }
    exchangeLineItems(first: 10) { nodes { id processableQuantity processedQuantity } pageInfo { hasNextPage } }
    reverseFulfillmentOrders(first: 2) {
      nodes {
        id status
        lineItems(first: 25) {
          nodes { id totalQuantity fulfillmentLineItem { id } dispositions { type quantity } }
          pageInfo { hasNextPage }
        }
        reverseDeliveries(first: 5) {
          nodes { id deliverable { ... on ReverseDeliveryShippingDeliverable { tracking { number } } } }
        }
      }
      pageInfo { hasNextPage }
    }
  }
}`;

export const returnMoney = `query ReturnMoney(
  $id: ID!, $lines: [SuggestedOutcomeReturnLineItemInput!]!, $exchanges: [SuggestedOutcomeExchangeLineItemInput!]!
) {
  return(id: $id) {
    id
    suggestedFinancialOutcome(returnLineItems: $lines, exchangeLineItems: $exchanges, refundMethodAllocation: ORIGINAL_PAYMENT_METHODS) {
      financialTransfer {
        __typename
        ... on RefundReturnOutcome {
          amount { ${money} }
          suggestedTransactions { gateway amountSet { ${money} } parentTransaction { id } }
        }
        ... on InvoiceReturnOutcome { amount { ${money} } }
      }
    }
  }
}`;

export const refundBeforeWrite = `query RefundBeforeWrite($id: ID!) {
  refund(id: $id) {
    id createdAt
    return { id }
    order {
      id
      refunds(first: 50) { id createdAt return { id } }
      suggestedRefund(suggestFullRefund: true) {
        suggestedTransactions { gateway amountSet { ${money} } parentTransaction { id } }
      }
    }
    transactions(first: 10) { nodes { ${transactionFields} } pageInfo { hasNextPage } }
  }
}`;

/** What the cancelling of a return's order is decided on. */
export const orderBeforeCancel = `query OrderBeforeCancel($id: ID!) {
  return(id: $id) {
    id
    order {
      id cancelledAt
      returns(first: 50) { nodes { id status } pageInfo { hasNextPage } }
      refunds(first: 20) { id transactions(first: 5) { nodes { kind status } pageInfo { hasNextPage } } }
      suggestedRefund(suggestFullRefund: true) {
        suggestedTransactions { gateway amountSet { ${money} } parentTransaction { id } }
      }
    }
  }
}`;

export const disputeBeforeWrite = `query DisputeBeforeWrite($id: ID!) {
  dispute(id: $id) { id status disputeEvidence { id submitted } }
}`;

/** Apart, because it wants a scope of its own. Which files are there is told by their names and sizes. */
export const disputeFiles = `query DisputeFiles($id: ID!) {
  dispute(id: $id) { id disputeEvidence { id disputeFileUploads { id originalFileName fileSize } } }
}`;

export const approve = `mutation Approve($id: ID!) {
  returnApproveRequest(input: { id: $id, notifyCustomer: true }) { return { id status } userErrors { code field message } }
}`;

export const decline = `mutation Decline($id: ID!, $reason: ReturnDeclineReason!, $note: String) {
  returnDeclineRequest(input: { id: $id, declineReason: $reason, declineNote: $note, notifyCustomer: true }) {
    return { id status } userErrors { code field message }
  }
}`;

export const attachDelivery = `mutation AttachDelivery($id: ID!, $label: ReverseDeliveryLabelInput, $tracking: ReverseDeliveryTrackingInput) {
  reverseDeliveryCreateWithShipping(
    reverseFulfillmentOrderId: $id, reverseDeliveryLineItems: [], labelInput: $label, trackingInput: $tracking, notifyCustomer: true
  ) { reverseDelivery { id } userErrors { code field message } }
}`;

export const dispose = `mutation Dispose($inputs: [ReverseFulfillmentOrderDisposeInput!]!) {
  reverseFulfillmentOrderDispose(dispositionInputs: $inputs) {
    reverseFulfillmentOrderLineItems { id } userErrors { code field message }
  }
}`;

export const processReturn = `mutation Process($input: ReturnProcessInput!) {
  returnProcess(input: $input) { return { id status } userErrors { code field message } }
}`;

export const closeReturn = `mutation Close($id: ID!) {
  returnClose(id: $id) { return { id status } userErrors { code field message } }
}`;

export const reopenReturn = `mutation Reopen($id: ID!) {
  returnReopen(id: $id) { return { id status } userErrors { code field message } }
}`;

export const cancelReturn = `mutation CancelReturn($id: ID!) {
  returnCancel(id: $id) { return { id status } userErrors { code field message } }
}`;

/** Takes no idempotency key; but an order is cancelled once, and there is no way back. */
export const cancelOrder = `mutation CancelOrder(
  $id: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $refund: OrderCancelRefundMethodInput, $staffNote: String
) {
  orderCancel(
    orderId: $id, reason: $reason, restock: $restock, refundMethod: $refund, staffNote: $staffNote, notifyCustomer: true
  ) { job { id done } jobResult { id status errors { code } } orderCancelUserErrors { code field message } }
}`;

export const createRefund = `mutation Refund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { id } userErrors { field message } }
}`;

export const updateEvidence = `mutation Evidence($id: ID!, $input: ShopifyPaymentsDisputeEvidenceUpdateInput!) {
  disputeEvidenceUpdate(id: $id, input: $input) { disputeEvidence { id submitted } userErrors { code field message } }
}`;
