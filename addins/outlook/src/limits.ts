// Office's limits, and the one place that keeps them. Office.js throws over a long info bar and says nothing about a long dialog, which
// Outlook then cuts or does not show. Lengths are UTF-16 units.
// Source: Office.NotificationMessageDetails, Office.NotificationMessageAction, Office.SmartAlertsEventCompletedOptions.

export const limits = { bar: 150, dialog: 500, label: 20, action: 30, key: 32, icon: 32 } as const;

/** Cut at the end of a word, with a sign that something is missing. */
export function fit(text: string, most: number): string {
  const clean = text.trim();
  if (clean.length <= most) return clean;
  const cut = clean.slice(0, most - 1);
  const end = cut.lastIndexOf(" ");
  const kept = end > most / 2 ? cut.slice(0, end) : cut;
  // Never half of a pair.
  return `${kept.replace(/[\uD800-\uDBFF]$/, "").replace(/[\s,;:\u00b7\u2013\u2014-]+$/, "")}…`;
}

/** As many whole lines as there is room for; the last one, which says what to do, always stays. */
export function fitLines(lines: readonly string[], most: number, between: string): string {
  const said = lines.filter((line) => line !== "");
  const last = fit(said[said.length - 1] ?? "", most);
  const kept: string[] = [];
  let room = most - last.length;
  for (const line of said.slice(0, -1)) {
    const left = room - between.length;
    if (line.length > left) {
      if (kept.length === 0 && left > 20) kept.push(fit(line, left));
      break;
    }
    kept.push(line);
    room -= line.length + between.length;
  }
  return kept.concat(last).join(between);
}

export const commandId = "PhiReviewPane";
/** Id of an image of the manifest. */
const icon = "Icon.16x16";
export const barKey = "phiscan";

/** Our one info bar, with the button that opens the pane. */
export function insight(message: string, action: string): InfoBar {
  return {
    type: "insightMessage",
    message: fit(message, limits.bar),
    icon,
    actions: [{ actionType: "showTaskPane", actionText: fit(action, limits.action), commandId, contextData: "{}" }],
  };
}

/** The same without the button, for an Outlook that does not take it. */
export function plainBar(message: string): InfoBar {
  return { type: "informationalMessage", message: fit(message, limits.bar), icon, persistent: false };
}

export interface Dialog {
  /** Lines of plain text; the last one says what to do. */
  readonly lines: readonly string[];
  readonly label: string;
  /** For Outlooks that show Markdown links. */
  readonly portal: { readonly text: string; readonly url: string } | null;
  /** Let the person send anyway, in Outlook's own dialog. */
  readonly mayOverride: boolean;
}

export interface Supports {
  /** Mailbox 1.14: a button that opens the pane, and "Send Anyway". */
  readonly command: boolean;
  /** Mailbox 1.15: Markdown. */
  readonly markdown: boolean;
}

/** What `completed` gets to hold a message back. */
export function heldBack(dialog: Dialog, supports: Supports): Readonly<Record<string, unknown>> {
  const markdown = supports.markdown ? markdownOf(dialog) : null;
  return {
    allowEvent: false,
    errorMessage: fitLines(dialog.lines, limits.dialog, "\n"),
    ...(markdown === null ? {} : { errorMessageMarkdown: markdown }),
    ...(supports.command
      ? { cancelLabel: fit(dialog.label, limits.label), commandId, contextData: JSON.stringify({ why: "send" }), ...(dialog.mayOverride ? { sendModeOverride: "promptUser" } : {}) }
      : {}),
  };
}

function markdownOf({ lines, portal }: Dialog): string {
  const [first = "", ...rest] = lines.filter((line) => line !== "").map(escaped);
  const link = portal && /^https:\/\/[^\s()<>"]+$/.test(portal.url) ? `\n\n[${escaped(portal.text)}](${portal.url})` : "";
  const room = limits.dialog - link.length;
  // A link that leaves no room for words is no help.
  if (link !== "" && room < 200) return markdownOf({ lines, portal: null, label: "", mayOverride: false });
  return fitLines([`**${fit(first, 120)}**`, ...rest], room, "\n\n") + link;
}

/** Words of ours in Markdown: none of them is meant as a sign. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~]/g, "\\$&");
}
