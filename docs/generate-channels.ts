import { connectorOf } from "#connectors/registry.ts";
import { channels } from "#shared/case/channel.ts";
import { type Action, actions } from "#shared/case/command.ts";

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** How each channel tells us that a case has changed, and what else its connector can read. */
export function waysInTable(): string {
  const rows = channels.map((channel) => {
    const { push, notifications, feeds = {}, listAddresses, tokens } = connectorOf(channel);
    const pulled = Object.entries(feeds).map(([name, { everyMs }]) => `\`${name}\` every ${everyMs / 60_000} min`);
    return [
      `\`${channel}\``,
      push ? "yes" : notifications ? "into a queue of ours" : "no",
      pulled.join(", ") || "no",
      listAddresses ? "yes" : "no",
      tokens ? "yes" : "no",
    ];
  });
  return table(["channel", "push", "sweeps", "reads return addresses", "renews its tokens"], rows);
}

/** Which of our actions each connector sends by API. The arguments in brackets must be given. */
export function actionsTable(): string {
  const rows = (Object.keys(actions) as Action[]).map((action) => [
    `\`${action}\``,
    ...channels.map((channel) => {
      const found = connectorOf(channel).actions?.[action];
      if (!found || found.byHand) return "by hand";
      return found.needs?.length ? `yes (${found.needs.map((each) => `\`${each}\``).join(", ")})` : "yes";
    }),
  ]);
  return table(["action", ...channels.map((channel) => `\`${channel}\``)], rows);
}
