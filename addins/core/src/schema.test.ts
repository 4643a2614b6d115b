import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { report } from "./report.ts";
import { request } from "./request.ts";
import type { Says } from "./shape.ts";

// The engine's schemas are the contract; the shapes here repeat them for the compiler. This walks both side by side.
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly (string | null)[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

function load(name: string): Schema {
  return JSON.parse(readFileSync(join(process.env["PHISCAN_ROOT"] ?? "", "libphiscan/schema", name), "utf8")) as Schema;
}

function differences(says: Says, schema: Schema, root: Schema, at: string): readonly string[] {
  if (schema.$ref) return differences(says, root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {}, root, at);
  const types = [schema.type ?? []].flat();
  const nullable = types.includes("null") || (schema.enum ?? []).includes(null);
  if (nullable !== (says.is === "maybe")) return [`${at}: null ${nullable ? "is" : "is not"} allowed by the schema`];
  if (says.is === "maybe") {
    const { enum: words, ...rest } = schema;
    const bare: Schema = { ...rest, type: types.filter((type) => type !== "null"), ...(words ? { enum: words.filter((word) => word !== null) } : {}) };
    return differences(says.of, bare, root, at);
  }
  const type = types[0];
  switch (says.is) {
    case "words": {
      const wanted = schema.const !== undefined ? [schema.const] : (schema.enum ?? []);
      const missing = wanted.filter((word) => word !== null && !says.words.includes(word));
      const extra = says.words.filter((word) => !wanted.includes(word));
      return [...missing, ...extra].map((word) => `${at}: the word ${word} is only on one side`);
    }
    case "text":
      return type === "string" && !schema.enum ? [] : [`${at}: not text in the schema`];
    case "number":
      return type === "integer" || type === "number" ? [] : [`${at}: not a number in the schema`];
    case "flag":
      return type === "boolean" ? [] : [`${at}: not a boolean in the schema`];
    case "list":
      return type === "array" && schema.items ? differences(says.of, schema.items, root, `${at}[]`) : [`${at}: not a list in the schema`];
    case "pair":
      return schema.prefixItems?.length === 2
        ? schema.prefixItems.flatMap((item, i) => differences(says.of, item, root, `${at}[${i}]`))
        : [`${at}: not a pair in the schema`];
    case "record": {
      const properties = schema.properties ?? {};
      const names = new Set([...Object.keys(properties), ...Object.keys(says.fields)]);
      return [...names].flatMap((name) => {
        const [theirs, ours] = [properties[name], says.fields[name]];
        if (!theirs || !ours) return [`${at}.${name}: only on one side`];
        const must = (schema.required ?? []).includes(name);
        const wrong = must === says.optional.includes(name) ? [`${at}.${name}: required on one side only`] : [];
        return [...wrong, ...differences(ours, theirs, root, `${at}.${name}`)];
      });
    }
    default:
      return [`${at}: the shape says too little (${says.is})`];
  }
}

test("the report's shape and its JSON Schema say the same", () => {
  const schema = load("report.schema.json");
  assert.deepEqual(differences(report.says, schema, schema, "report"), []);
});

test("the request's shape and its JSON Schema say the same", () => {
  const schema = load("request.schema.json");
  assert.deepEqual(differences(request.says, schema, schema, "request"), []);
});
