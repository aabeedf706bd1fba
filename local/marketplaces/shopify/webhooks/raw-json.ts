/** JSON whose numbers may exceed what a float holds: `bare("890088186047892319")` is written without quotes. */
export interface BareNumber {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): BareNumber;
  }
}

/** A digit string as a JSON number, digit for digit. */
export function bare(digits: string): BareNumber {
  return JSON.rawJSON(digits);
}

export function bareOrNull(digits: string | undefined): BareNumber | null {
  return digits === undefined ? null : bare(digits);
}
