// Shapes: one description from which both the type and the check of a value come. A reply is checked once, where it
// enters, and trusted from then on. What a shape says can be compared with the JSON Schema of the engine (shape.test.ts).
// Messages name a place and what was expected, never the value: it may be somebody's mail.

export type Says =
  | { readonly is: "text" | "number" | "flag" | "anything" }
  | { readonly is: "words"; readonly words: readonly string[]; readonly open: boolean }
  | { readonly is: "list"; readonly of: Says }
  | { readonly is: "pair"; readonly of: Says }
  | { readonly is: "maybe"; readonly of: Says }
  | { readonly is: "record"; readonly fields: Readonly<Record<string, Says>>; readonly optional: readonly string[] }
  | { readonly is: "table"; readonly of: Says };

export interface Shape<T> {
  readonly check: (value: unknown, at: string) => T;
  readonly says: Says;
  readonly optional?: boolean;
}

export type Of<S> = S extends Shape<infer T> ? T : never;

/** A value that is not what was agreed. */
export class ShapeError extends Error {
  constructor(
    readonly where: string,
    readonly expected: string,
  ) {
    super(`${where || "/"}: expected ${expected}`);
  }
}

export function check<T>(shape: Shape<T>, value: unknown): T {
  return shape.check(value, "");
}

function fail(at: string, expected: string): never {
  throw new ShapeError(at, expected);
}

export const text: Shape<string> = {
  says: { is: "text" },
  check: (value, at) => (typeof value === "string" ? value : fail(at, "text")),
};

export const number: Shape<number> = {
  says: { is: "number" },
  check: (value, at) => (typeof value === "number" && Number.isFinite(value) ? value : fail(at, "a number")),
};

export const flag: Shape<boolean> = {
  says: { is: "flag" },
  check: (value, at) => (typeof value === "boolean" ? value : fail(at, "true or false")),
};

export const anything: Shape<unknown> = { says: { is: "anything" }, check: (value) => value };

/** One of these words and nothing else: what we act on. */
export function words<const W extends readonly string[]>(...list: W): Shape<W[number]> {
  return {
    says: { is: "words", words: list, open: false },
    check: (value, at) => (typeof value === "string" && list.includes(value) ? value : fail(at, "a known word")),
  };
}

/** Words that only name things: a newer engine may know more of them. */
export function openWords<const W extends readonly string[]>(...list: W): Shape<W[number] | (string & {})> {
  return { says: { is: "words", words: list, open: true }, check: text.check };
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return {
    says: { is: "list", of: of.says },
    check: (value, at) => (Array.isArray(value) ? value.map((item: unknown, i) => of.check(item, `${at}/${i}`)) : fail(at, "a list")),
  };
}

export function pair<T>(of: Shape<T>): Shape<readonly [T, T]> {
  return {
    says: { is: "pair", of: of.says },
    check: (value, at) =>
      Array.isArray(value) && value.length === 2
        ? [of.check(value[0], `${at}/0`), of.check(value[1], `${at}/1`)]
        : fail(at, "two values"),
  };
}

/** The shape or null. */
export function maybe<T>(of: Shape<T>): Shape<T | null> {
  return { says: { is: "maybe", of: of.says }, check: (value, at) => (value === null ? null : of.check(value, at)) };
}

/** A field that may be left out. */
export function optional<T>(of: Shape<T>): Shape<T> & { readonly optional: true } {
  return { ...of, optional: true };
}

/** Text keys, all values alike. */
export function table<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    says: { is: "table", of: of.says },
    check: (value, at) => {
      if (!isRecord(value)) fail(at, "an object");
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, of.check(item, `${at}/${key}`)]));
    },
  };
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F];
type RecordOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Of<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: Of<F[K]>;
};

/** An object with these fields. Others are dropped: they are from a newer engine. */
export function record<const F extends Fields>(fields: F): Shape<{ readonly [K in keyof RecordOf<F>]: RecordOf<F>[K] }> {
  const entries = Object.entries(fields);
  return {
    says: {
      is: "record",
      fields: Object.fromEntries(entries.map(([key, field]) => [key, field.says])),
      optional: entries.filter(([, field]) => field.optional).map(([key]) => key),
    },
    check: (value, at) => {
      if (!isRecord(value)) fail(at, "an object");
      const out: Record<string, unknown> = {};
      for (const [key, field] of entries) {
        if (value[key] === undefined && field.optional) continue;
        out[key] = field.check(value[key], `${at}/${key}`);
      }
      return out as { readonly [K in keyof RecordOf<F>]: RecordOf<F>[K] };
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
