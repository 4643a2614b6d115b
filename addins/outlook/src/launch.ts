// launchevent.js: what Outlook runs when something happens to a message, with and without a browser around it. Every handler has a clock,
// and completes exactly once on every path: one that is left open holds the message for five minutes.
import { dismissBar, hideBar, showBar } from "./bar.ts";
import { type Checked, look } from "./checks.ts";
import { learn, supply } from "./files.ts";
import { Host, lastSeen, troubleOf } from "./host.ts";
import { currentItem, language } from "./office.ts";
import { readMessage } from "./reading.ts";
import { barOf, uncheckedBy } from "./say.ts";
import { answerLate, type Answer, answerSend, deadlines } from "./send.ts";
import { sendWords } from "./words.ts";

declare function fetch(url: string, options: Readonly<Record<string, unknown>>): Promise<{ readonly status: number; text(): Promise<string> }>;

/** The host puts its own origin here when it hands out this file: there is no page, and so no address, in classic Outlook. */
const origin = "@PHISCAN_ORIGIN@";

function connect(): Host {
  return new Host(origin, { fetch: (url, options) => fetch(url, { ...options, credentials: "omit", cache: "no-store" }) });
}

type Work = (item: OutlookItem, started: number) => Promise<Answer | void>;

/** Runs `work`; `late` answers when it fails or takes longer than `milliseconds`. */
function handler(milliseconds: number, work: Work, late: () => Promise<Answer | void>): (event: OfficeEvent) => void {
  return (event) => {
    const started = Date.now();
    let isOpen = true;
    const complete = (answer: Answer | void) => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(clock);
      try {
        if (answer) event.completed(answer);
        else event.completed();
      } catch {
        // Outlook has ended the event itself.
      }
    };
    let isLate = false;
    const giveUp = () => {
      if (isLate) return;
      isLate = true;
      // The last word must not depend on anything that may hang.
      setTimeout(() => complete(lastWord(milliseconds)), 100);
      late().then(complete, () => complete(lastWord(milliseconds)));
    };
    const clock = setTimeout(giveUp, milliseconds - 150);
    try {
      work(currentItem(), started).then(complete, giveUp);
    } catch {
      giveUp();
    }
  };
}

function lastWord(milliseconds: number): Answer | void {
  if (milliseconds !== deadlines.total) return undefined;
  const words = sendWords(language());
  return { allowEvent: false, errorMessage: `${words.trouble.failed}\n${words.again}` };
}

const nothing = async (): Promise<void> => undefined;

function itemOrNull(): OutlookItem | null {
  try {
    return currentItem();
  } catch {
    return null;
  }
}

/** Looks at the message as it is, and says it in the info bar. */
async function lookAndSay(item: OutlookItem, deadlineMs: number): Promise<Checked | null> {
  const lang = language();
  const host = connect();
  const reading = await readMessage(item, Math.min(1000, deadlineMs / 2));
  let checked: Checked;
  try {
    checked = await look(host, reading, deadlineMs / 2);
  } catch (error) {
    const unchecked = uncheckedBy(reading.draft, troubleOf(error), await lastSeen(), lang);
    if (unchecked.onSend !== "note") await showBar(item, sendWords(lang).barUnchecked, `unchecked-${troubleOf(error)}`, sendWords(lang).labelUnchecked);
    return null;
  }
  const bar = barOf(checked, lang);
  if (bar === null) await hideBar(item);
  else await showBar(item, bar, checked.report.fingerprint, sendWords(lang).actionReview);
  return checked;
}

async function onCompose(item: OutlookItem): Promise<void> {
  const host = connect();
  // Also warms the connection and the rules up.
  await Promise.all([host.refresh(1500).catch(() => undefined), lookAndSay(item, 1800)]);
}

async function onChange(item: OutlookItem): Promise<void> {
  await lookAndSay(item, 2300);
}

async function onAttachments(item: OutlookItem): Promise<void> {
  const host = connect();
  const until = Date.now() + 55_000;
  const reading = await readMessage(item, 1500);
  if (await host.isPaired()) await learn(host.client, item, reading.attachments, until);
  const checked = await lookAndSay(item, 3000);
  if (!checked || (checked.need.length === 0 && checked.pending.length === 0)) return;
  await supply(host.client, item, reading.attachments, checked.need, until);
  await lookAndSay(item, 3000);
}

const associate = (name: string, handle: (event: OfficeEvent) => void) => Office.actions.associate(name, handle);

// The names of the manifest.
associate("onMessageCompose", handler(2000, onCompose, nothing));
associate("onMessageRecipientsChanged", handler(2500, onChange, nothing));
associate("onMessageAttachmentsChanged", handler(60_000, onAttachments, nothing));
associate("onMessageFromChanged", handler(2500, onChange, nothing));
associate("onSensitivityLabelChanged", handler(2500, onChange, nothing));
associate("onInfoBarDismissClicked", handler(500, dismissBar, nothing));
associate("onMessageSend", handler(deadlines.total, (item, started) => answerSend(item, connect(), language(), started), () => answerLate(itemOrNull(), language())));
