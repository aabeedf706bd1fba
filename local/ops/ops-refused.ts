/** What was asked for cannot be done; the message says what to do, for the person at the terminal. */
export class OpsRefused extends Error {}
