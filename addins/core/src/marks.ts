// Marks findings in a copy of the sender's own text. Plain text becomes runs. HTML gets comment markers at the spans; the
// ui parses that copy without running it and turns what lies between two markers into <mark>.
import { type Draft, partOf } from "./draft.ts";
import type { Report } from "./report.ts";

export interface Run {
  readonly text: string;
  /** Number of the finding in the report, or null for the text between. */
  readonly finding: number | null;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly finding: number;
}

/** Ranges of one part in order; where two overlap the longer one stays. Only what counts, unless all are wanted. */
function rangesOf(report: Report, part: string, length: number, all: boolean): readonly Range[] {
  const found = report.findings.flatMap((finding, index) =>
    (finding.counted || all) && finding.label !== "table"
      ? finding.spans
          .filter((span) => span.part === part && span.utf16[0] < span.utf16[1] && span.utf16[1] <= length)
          .map((span) => ({ from: span.utf16[0], to: span.utf16[1], finding: index }))
      : [],
  );
  found.sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
  const kept: Range[] = [];
  for (const range of found) if (!kept.some((other) => range.from < other.to && other.from < range.to)) kept.push(range);
  return kept.sort((a, b) => a.from - b.from);
}

export interface MarkOptions {
  /** Also what does not count: for the explanation. */
  readonly all?: boolean;
}

/** A plain part as runs of marked and unmarked text. */
export function runsOf(draft: Draft, report: Report, part: string, options: MarkOptions = {}): readonly Run[] {
  const source = partOf(draft, part) ?? "";
  const runs: Run[] = [];
  let end = 0;
  for (const { from, to, finding } of rangesOf(report, part, source.length, options.all ?? false)) {
    if (from > end) runs.push({ text: source.slice(end, from), finding: null });
    runs.push({ text: source.slice(from, to), finding });
    end = to;
  }
  if (end < source.length) runs.push({ text: source.slice(end), finding: null });
  return runs;
}

/** A comment that cannot already be in the mail: the caller chooses a fresh key. */
export const marker = {
  begin: (key: string, finding: number) => `<!--${key}:${finding}-->`,
  end: (key: string) => `<!--${key}:/-->`,
};

/** The HTML part with markers around its findings. The mail itself is not touched. */
export function markedHtml(draft: Draft, report: Report, key: string, options: MarkOptions = {}): string {
  const source = draft.html ?? "";
  let out = "";
  let end = 0;
  for (const { from, to, finding } of rangesOf(report, "body.html", source.length, options.all ?? false)) {
    out += source.slice(end, from) + marker.begin(key, finding) + source.slice(from, to) + marker.end(key);
    end = to;
  }
  return out + source.slice(end);
}
