/** How one defence is switched off, for test/mutate-security.ts to see that its attacks are then noticed. */
export interface Defence {
  /** The file of test/security whose attacks it holds against. */
  suite: string;
  /** In place of `find`, which must stand in the file exactly once, comes `put`. */
  edits: readonly { file: string; find: string; put: string }[];
}

/** Defences by the name they have in the books of attacks. */
export type Defences = Readonly<Record<string, Defence>>;

/** A defence that is switched off in one place. */
export const off = (suite: string, file: string, find: string, put: string): Defence => ({
  suite,
  edits: [{ file, find, put }],
});

/** A defence that stands in several places, each of which alone would hold. */
export const offEach = (suite: string, ...edits: [file: string, find: string, put: string][]): Defence => ({
  suite,
  edits: edits.map(([file, find, put]) => ({ file, find, put })),
});
