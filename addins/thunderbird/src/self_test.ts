// What the settings page shows of the host, and an invented message from end to end.
import type { Host } from "./host.ts";
import { isMessage, troubleOf } from "./host.ts";
import { languageOf, type Settings } from "./settings.ts";

export interface Status {
  readonly settings: Settings;
  readonly trouble: string | null;
  readonly host: string | null;
  readonly engine: string | null;
  readonly pack: { readonly id: string; readonly version: string } | null;
  readonly policy: { readonly id: string; readonly version: string } | null;
  readonly mode: string | null;
  readonly failMode: string;
  readonly locks: readonly string[];
  /** The host's own sentence. */
  readonly state: string | null;
}

export async function statusOf(host: Host, settings: Settings): Promise<Status> {
  const lang = languageOf(settings);
  const last = await host.lastPolicy();
  const base = { settings, mode: last?.mode ?? null, failMode: settings.failMode ?? last?.fail_mode ?? "prompt", locks: last?.locks ?? [] };
  try {
    const { hello } = await host.link(lang);
    const text = host.state?.["text"];
    const state = isMessage(text) && typeof text[lang] === "string" ? text[lang] : null;
    return { ...base, trouble: null, host: hello.host, engine: hello.engine, pack: hello.pack, policy: hello.policy, state, mode: host.policy?.mode ?? base.mode };
  } catch (error) {
    return { ...base, trouble: troubleOf(error), host: null, engine: null, pack: null, policy: null, state: null };
  }
}

/** Milliseconds, or null when the invented patient was not seen. */
export async function selfTest(host: Host, settings: Settings): Promise<{ readonly milliseconds: number | null }> {
  const started = performance.now();
  try {
    const { client } = await host.link(languageOf(settings));
    const request = {
      schema: "phiscan.request/1",
      from: { address: "frontdesk@clinic.example" },
      to: [{ address: "someone@elsewhere.example" }],
      subject: "Self-test",
      body: { text: "Patient Nadia Brookes, DOB 03/04/1961, MRN 00412345: hemoglobin A1c 8.2 %, diagnosis type 2 diabetes." },
    };
    const { report } = await client.call("scan", { request }, { deadlineMs: 5000 });
    return { milliseconds: report.content === "phi" ? Math.round(performance.now() - started) : null };
  } catch {
    return { milliseconds: null };
  }
}
