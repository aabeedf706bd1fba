/** The feed of ours, beside a shop's own, whose turn looks after its grant. */
export const renewal = "own.renewal";
