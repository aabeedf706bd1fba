import type { Command, CommandArgs } from "#shared/case/command.ts";
import type { HeldFile } from "#shared/case/evidence.ts";
import { SuiteError } from "#shared/errors.ts";

/** A piece of evidence, ready to be handed on. */
export type Piece = Link | { readonly kind: string; readonly file: HeldFile };
export interface Link {
  readonly kind: string;
  readonly url: string;
}

/** What a command gives as evidence, in its order. @throws SuiteError `channel_refused` for a file that was not handed in. */
export function piecesOf({
  command,
  files,
}: {
  command: Pick<Command, "args">;
  files?: ReadonlyMap<string, HeldFile> | undefined;
}): Piece[] {
  return (command.args.evidence ?? []).map((piece) => {
    if ("url" in piece) return piece;
    const file = files?.get(piece.evidenceId);
    if (!file) throw refused("a file of the evidence was not handed in with the command");
    return { kind: piece.kind ?? file.kind, file };
  });
}

/**
 * The same for channels that take addresses alone. @throws SuiteError `channel_refused` for a file of ours, which such an
 * action is not sent with (`takesFiles`).
 */
export function linksOf({ evidence = [] }: Pick<CommandArgs, "evidence">): Link[] {
  return evidence.map((piece) => {
    if ("url" in piece) return piece;
    throw refused("the channel takes evidence by address only");
  });
}

function refused(why: string): SuiteError {
  return new SuiteError("channel_refused", why, { details: { channelCode: "not sent" } });
}
