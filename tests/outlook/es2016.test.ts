// L0: launchevent.js is one script of ES2016 and names nothing that classic Outlook does not have.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Node, parse } from "acorn";
import { outFolder } from "./support.ts";

const source = readFileSync(join(outFolder, "launchevent.js"), "utf8");

/** Free to use in every Outlook; everything else must be declared in the file. */
const known = new Set([
  "Office", "OfficeRuntime", "fetch", "setTimeout", "clearTimeout", "undefined", "NaN", "Infinity", "Object", "Array", "String", "Number", "Boolean", "Symbol", "Math",
  "JSON", "Date", "RegExp", "Error", "TypeError", "RangeError", "Promise", "Map", "Set", "WeakMap", "WeakSet", "Uint8Array", "Int32Array", "parseInt", "isNaN", "Reflect", "arguments", "isFinite",
]);

type Any = Node & Record<string, unknown>;

function walk(node: unknown, see: (node: Any, parent: Any | null, key: string) => void, parent: Any | null = null, key = ""): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, see, parent, key));
  if (typeof node !== "object" || node === null || !("type" in node)) return;
  const here = node as Any;
  see(here, parent, key);
  for (const [name, value] of Object.entries(here)) if (name !== "type") walk(value, see, here, name);
}

/** Names that are used and declared nowhere in the file. */
function freeNames(text: string): readonly string[] {
  const declared = new Set<string>();
  const used = new Set<string>();
  const bind = (pattern: unknown) => walk(pattern, (node, parent, key) => {
    if (node.type === "Identifier" && !(parent?.type === "Property" && key === "key" && !parent["shorthand"])) declared.add(String(node["name"]));
  });
  walk(parse(text, { ecmaVersion: 2016, sourceType: "script" }), (node, parent, key) => {
    if (node.type === "VariableDeclarator") bind(node["id"]);
    if (/Function|Class/.test(node.type) || node.type === "CatchClause") [node["id"], node["params"], node["param"]].forEach(bind);
    if (node.type !== "Identifier") return;
    const isMember = (parent?.type === "MemberExpression" && key === "property" && !parent["computed"]) || (/^(Property|MethodDefinition)$/.test(parent?.type ?? "") && key === "key" && !parent?.["computed"]);
    if (!isMember && !/Label|Break|Continue/.test(parent?.type ?? "")) used.add(String(node["name"]));
  });
  return [...used].filter((name) => !declared.has(name)).sort();
}

test("it is a script of ES2016", () => {
  parse(source, { ecmaVersion: 2016, sourceType: "script" });
});

test("it names nothing that classic Outlook lacks: no page, no storage of a browser, no modules", () => {
  assert.deepEqual(freeNames(source).filter((name) => !known.has(name)), []);
  assert.doesNotMatch(source, /\b(import|require)\s*\(|localStorage|sessionStorage|indexedDB|XMLHttpRequest/);
});

test("it is small, one line of origin, and plain ASCII (classic Outlook guesses the encoding)", () => {
  assert.ok(Buffer.byteLength(source) <= 60_000, `${Buffer.byteLength(source)} bytes`);
  assert.equal(source.split("@PHISCAN_ORIGIN@").length, 2);
  assert.deepEqual(source.match(/[^\x00-\x7f]/g), null);
});

test("the gate itself sees what it should", () => {
  for (const newer of ["async function f() {}", "a?.b", "a ?? b", "({...a})", "/(?<=a)b/", "class A { x = 1 }", "1n", "try {} catch {}"]) {
    assert.throws(() => parse(newer, { ecmaVersion: 2016, sourceType: "script" }), newer);
  }
  assert.deepEqual(freeNames("var a = document.title; function f(b) { return b.window + localStorage.c; }"), ["document", "localStorage"]);
});
