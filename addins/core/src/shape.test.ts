import assert from "node:assert/strict";
import { test } from "node:test";
import { check, flag, list, maybe, number, openWords, optional, pair, record, ShapeError, text, words } from "./shape.ts";

const shape = record({ name: text, sizes: list(number), at: pair(number), kind: words("a", "b"), tag: openWords("x"), on: optional(flag), why: maybe(text) });
const good = { name: "n", sizes: [1, 2], at: [0, 1], kind: "a", tag: "new", why: null };

test("a value of the shape passes, and unknown fields are dropped", () => {
  assert.deepEqual(check(shape, { ...good, later: 1 }), good);
});

test("what does not fit names its place and never the value", () => {
  const secret = "Dana Roe";
  const wrong: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ name: 7 }, "/name"],
    [{ sizes: [1, secret] }, "/sizes/1"],
    [{ at: [1] }, "/at"],
    [{ kind: secret }, "/kind"],
    [{ tag: 7 }, "/tag"],
    [{ on: secret }, "/on"],
    [{ why: 7 }, "/why"],
  ];
  for (const [change, where] of wrong) {
    assert.throws(
      () => check(shape, { ...good, ...change }),
      (error) => error instanceof ShapeError && error.where === where && !error.message.includes(secret),
    );
  }
  assert.throws(() => check(shape, secret), ShapeError);
  assert.throws(() => check(shape, null), ShapeError);
  assert.throws(() => check(number, Number.NaN), ShapeError);
});
