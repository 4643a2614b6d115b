// L6: the manifest that phiscan-host writes. Microsoft's own validator is a service on the net; this checks what can be checked here.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hostProgram } from "./service.ts";
import { outFolder } from "./support.ts";

const origin = "https://phiscan.clinic.example:8443";
const made = (...options: readonly string[]) => execFileSync(hostProgram, ["manifest", "--origin", origin, ...options], { encoding: "utf8" });

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly path: string;
}

/** Well-formed or an error, by the parser that Python brings. */
function tags(xml: string): readonly Tag[] {
  const program = `
import json, sys, xml.etree.ElementTree as tree
def walk(element, path):
    name = element.tag.split('}')[1]
    here = path + '/' + name
    out = [{'name': name, 'path': here, 'attributes': {k.split('}')[-1]: v for k, v in element.attrib.items()}, 'text': (element.text or '').strip()}]
    for child in element: out += walk(child, here)
    return out
json.dump(walk(tree.fromstring(sys.stdin.buffer.read()), ''), sys.stdout)`;
  return JSON.parse(execFileSync("python3", ["-c", program], { input: xml, encoding: "utf8" })) as Tag[];
}

const events = ["OnInfoBarDismissClicked", "OnMessageAttachmentsChanged", "OnMessageCompose", "OnMessageFromChanged", "OnMessageRecipientsChanged", "OnMessageSend", "OnSensitivityLabelChanged"];

for (const mode of ["soft", "block"] as const) {
  test(`${mode}: events, ids, resources, addresses and lengths`, () => {
    const xml = made("--mode", mode);
    assert.doesNotMatch(xml, /@[A-Z]+@/, "a blank was left");
    const list = tags(xml);
    const inside = (version: "1.0" | "1.1") => list.filter(({ path }) => (path.match(/VersionOverrides/g)?.length ?? 0) === (version === "1.0" ? 1 : 2));
    for (const version of ["1.0", "1.1"] as const) {
      const here = inside(version);
      const ids = here.filter(({ path, name }) => /Resources/.test(path) && /^(Image|Url|String)$/.test(name)).map(({ attributes }) => attributes["id"] ?? "");
      assert.equal(new Set(ids).size, ids.length, "an id twice");
      const used = here.flatMap(({ attributes }) => attributes["resid"] ?? []);
      assert.ok(used.length > 0);
      for (const id of used) assert.ok(ids.includes(id), `${version}: no resource ${id}`);
      for (const id of ids) assert.ok(used.includes(id) && id.length <= 32, `${version}: ${id} is used by nobody, or too long`);
      for (const { name, path, attributes } of here) {
        const text = attributes["DefaultValue"] ?? attributes["Value"] ?? "";
        if (/ShortStrings\//.test(path)) assert.ok(text.length <= 125, name);
        if (/LongStrings\//.test(path)) assert.ok(text.length <= 250, name);
      }
      assert.ok(here.some(({ name, attributes }) => name === "Control" && attributes["id"] === "PhiReviewPane"));
    }
    const launch = list.filter(({ name }) => name === "LaunchEvent");
    assert.deepEqual(launch.map(({ attributes }) => attributes["Type"]).sort(), events);
    const sends = launch.filter(({ attributes }) => attributes["SendMode"] !== undefined);
    assert.deepEqual(sends.map(({ attributes }) => [attributes["Type"], attributes["SendMode"]]), [["OnMessageSend", mode === "soft" ? "SoftBlock" : "Block"]]);
    const script = readFileSync(join(outFolder, "launchevent.js"), "utf8");
    for (const { attributes } of launch) assert.ok(script.includes(`"${attributes["FunctionName"]}"`), "a function that nobody has");
    const urls = xml.match(/https?:\/\/[^"<\s]+/g)?.filter((url) => !url.startsWith("http://schemas.microsoft.com/") && !url.startsWith("http://www.w3.org/")) ?? [];
    for (const url of urls) assert.ok(url === origin || url.startsWith(`${origin}/`), url);
    for (const url of urls.filter((one) => one !== origin)) assert.ok(existsSync(join(outFolder, url.slice(origin.length))), `${url} is not among the pages`);
    // The page of the events, and the script in its place where there is no page.
    const at = (end: string) => inside("1.1").filter(({ path }) => path.endsWith(end)).map(({ attributes }) => attributes["resid"]);
    assert.deepEqual(at("/ExtensionPoint/SourceLocation"), at("/Runtimes/Runtime"));
    assert.deepEqual(list.filter(({ path }) => path.endsWith("/Runtime/Override")).map(({ attributes }) => attributes["type"]), ["javascript"]);
    // In the order of Microsoft's schema, which is a sequence.
    const children = (parent: string) => list.filter(({ path }) => path.replace(/\/[^/]+$/, "") === parent).map(({ name }) => name);
    assert.deepEqual(children("/OfficeApp"), ["Id", "Version", "ProviderName", "DefaultLocale", "DisplayName", "Description", "IconUrl", "HighResolutionIconUrl", "SupportUrl", "AppDomains", "Hosts", "Requirements",
      "FormSettings", "Permissions", "Rule", "DisableEntityHighlighting", "VersionOverrides"]);
    const outer = "/OfficeApp/VersionOverrides", inner = `${outer}/VersionOverrides`;
    assert.deepEqual(children(outer), ["Requirements", "Hosts", "Resources", "VersionOverrides"]);
    assert.deepEqual(children(inner), ["Requirements", "Hosts", "Resources"]);
    assert.deepEqual(children(`${inner}/Hosts/Host`), ["Runtimes", "DesktopFormFactor"]);
    assert.deepEqual(children(`${inner}/Hosts/Host/DesktopFormFactor`), ["SupportsSharedFolders", "ExtensionPoint", "ExtensionPoint"]);
    // Lengths of the name and its description in every language, and icons of the sizes that a mail add-in needs.
    for (const [name, most] of [["DisplayName", 125], ["Description", 250]] as const) {
      for (const { attributes } of list.filter(({ path }) => path.startsWith(`/OfficeApp/${name}`))) assert.ok((attributes["DefaultValue"] ?? attributes["Value"] ?? "x".repeat(999)).length <= most, name);
    }
    const icons = [["IconUrl", 64], ["HighResolutionIconUrl", 128], ...[16, 32, 80].map((size) => [`Icon.${size}x${size}`, size] as const)] as const;
    for (const [name, size] of icons) {
      const url = list.find((tag) => tag.name === name || tag.attributes["id"] === name)?.attributes["DefaultValue"] ?? "";
      const png = readFileSync(join(outFolder, url.slice(origin.length)));
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size], url);
    }
    const sets = list.filter(({ name }) => name === "Sets").map(({ attributes }) => attributes["DefaultMinVersion"]);
    assert.deepEqual(sets, ["1.5", "1.5", "1.12"]);
  });
}

test("soft and block are two add-ins, and an id of one's own is taken", () => {
  const id = (xml: string) => /<Id>([^<]+)<\/Id>/.exec(xml)?.[1];
  const [soft, block] = [id(made("--mode", "soft")), id(made("--mode", "block"))];
  assert.notEqual(soft, block);
  assert.equal(id(made("--mode", "soft", "--id", "01234567-89AB-CDEF-0123-456789ABCDEF")), "01234567-89ab-cdef-0123-456789abcdef");
});

test("the same manifest for the same words, byte for byte", () => {
  assert.equal(made("--mode", "soft"), made("--mode", "soft"));
});

test("bad words are refused, with what to do", () => {
  const soft = /<Id>([^<]+)<\/Id>/.exec(made("--mode", "soft"))?.[1] ?? "";
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--mode", "soft"], /--origin is missing/],
    [["--origin", "http://phiscan.example", "--mode", "soft"], /https/],
    [["--origin", "https://phiscan.example/", "--mode", "soft"], /no path/],
    [["--origin", "https://phiscan.example:99999", "--mode", "soft"], /port/],
    [["--origin", "https://phiscan.example:", "--mode", "soft"], /port/],
    [["--origin", "https://phiscan.example:443", "--mode", "soft"], /443/],
    [["--origin", "https://a@b.example", "--mode", "soft"], /no user/],
    [["--origin", 'https://a"><b.example', "--mode", "soft"], /lower case/],
    [["--origin", "https://PHISCAN.example", "--mode", "soft"], /lower case/],
    [["--origin", "https://", "--mode", "soft"], /name/],
    [["--origin", origin], /--mode is missing/],
    [["--origin", origin, "--mode", "hard"], /soft or block/],
    [["--origin", origin, "--mode", "soft", "--id", "42"], /GUID/],
    [["--origin", origin, "--mode", "block", "--id", soft], /other mode/],
  ];
  for (const [options, wanted] of cases) {
    const { status, stdout, stderr } = spawnSync(hostProgram, ["manifest", ...options], { encoding: "utf8" });
    assert.equal(status, 2, options.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, wanted);
  }
});
