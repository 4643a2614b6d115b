// The administrator's view of a report: every finding with its rule and weight, what held others back, the engine's steps.
import { attachmentOf, type Draft, type Finding, partOf, type Report } from "@phiscan/core";
import { type Child, el, guest, labelWord, visibleText, wordsFor } from "@phiscan/ui";
import type { PageWords } from "./words.ts";

export function explanation(report: Report, draft: Draft, words: PageWords): HTMLElement {
  const fact = (name: string, value: Child) => [el("dt", {}, name), el("dd", {}, value)];
  const all = el("input", { type: "checkbox" });
  const findings = el("ul", { class: "findings" });
  const draw = () => {
    const shown = report.findings.filter((finding) => finding.counted || all.checked);
    findings.replaceChildren(...(shown.length > 0 ? shown.map((finding) => one(finding, draft, words)) : [el("li", { class: "soft" }, words.noFindings)]));
  };
  all.addEventListener("change", draw);
  draw();
  const enforced = report.action_if_enforced === report.action ? "" : ` (${report.action_if_enforced} ${words.enforced})`;
  return el(
    "div",
    { class: "explain" },
    el(
      "section",
      {},
      el("h3", {}, words.verdict),
      el(
        "dl",
        { class: "facts" },
        fact(words.action, [el("span", { class: `action action-${report.action}` }, report.action), enforced]),
        fact(words.content, [report.content, report.categories.length > 0 ? `: ${report.categories.join(", ")}` : ""]),
        fact(words.severity, `${report.severity} / 4`),
        fact(words.sure, `${Math.round(report.confidence * 100)} %`),
        fact(words.persons, `${words.patients(report.persons.patients)}, ${words.staff(report.persons.staff)}`),
      ),
    ),
    report.explain ? el("section", {}, el("h3", {}, words.steps), el("ol", { class: "steps" }, report.explain.steps.map((step) => el("li", {}, step)))) : null,
    el("section", {}, el("h3", {}, words.findings), el("label", { class: "check" }, all, words.showAll), findings),
    report.recipients.length > 0
      ? el(
          "section",
          {},
          el("h3", {}, words.recipients),
          el(
            "ul",
            { class: "findings" },
            report.recipients.map((recipient) => {
              const person = draft[recipient.field][recipient.index];
              const who = recipient.member === undefined ? person : person?.members?.[recipient.member];
              return el(
                "li",
                {},
                guest(who?.address || who?.name || "?", "found"),
                el("span", { class: "rule" }, [recipient.class, ...recipient.risks].join(" · ")),
              );
            }),
          ),
        )
      : null,
    report.offers.length > 0
      ? el(
          "section",
          {},
          el("h3", {}, words.offers),
          el("ol", { class: "steps" }, report.offers.map((offer) => el("li", {}, offer.kind, offer.edits.length > 0 ? `, ${words.edits(offer.edits.length)}` : ""))),
        )
      : null,
    el(
      "section",
      {},
      el("h3", {}, words.versions),
      el(
        "ul",
        { class: "versions" },
        [`engine ${report.engine}`, `${report.pack.id} ${report.pack.version} · ${report.pack.sha256.slice(0, 12)}`, report.policy.id === "" ? "" : `${report.policy.id} ${report.policy.version} · ${report.policy.sha256.slice(0, 12)}`]
          .filter((line) => line !== "")
          .map((line) => el("li", {}, line)),
      ),
    ),
  );
}

function one(finding: Finding, draft: Draft, words: PageWords): HTMLElement {
  const text = finding.spans
    .map((span) => {
      const source = partOf(draft, span.part)?.slice(span.utf16[0], span.utf16[1]) ?? "";
      return span.part === "body.html" ? visibleText(source) : source;
    })
    .join(" ");
  const file = finding.spans.map((span) => attachmentOf(span.part)).find((index) => index !== null);
  const where = file !== undefined && file !== null ? words.inFile(draft.attachments[file]?.name ?? "?") : (finding.spans[0]?.part ?? "");
  const label = labelWord(finding.label, wordsFor(words.lang));
  return el(
    "li",
    { class: finding.counted ? "" : "held" },
    el("span", { class: "found" }, text ? guest(text, "") : label, text ? el("span", { class: "label" }, label) : null),
    el("meter", { min: "0", max: "1", value: String(finding.confidence), "aria-label": `${words.weight} ${finding.confidence}` }),
    el(
      "span",
      { class: "rule" },
      [
        finding.rule,
        `${words.weight} ${finding.confidence.toFixed(2)}`,
        finding.person === null ? "" : words.person(finding.person),
        where,
        finding.zone,
        ...finding.reasons,
        finding.counted ? "" : words.heldBack(finding.suppressed_by ?? "?"),
      ]
        .filter((part) => part !== "")
        .join(" · "),
    ),
  );
}
