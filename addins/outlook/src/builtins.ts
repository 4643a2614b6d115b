// Classic Outlook before 2403 runs ES2016 and knows nothing newer. The compiler turns newer syntax into old; these are the newer functions
// of the language that our code and the compiler's use; this file comes before both (build.mjs). Where they exist nothing is touched. tests/outlook runs everything in a world that has none of them.

function provide(where: object, name: string, value: unknown): void {
  if (!(name in where)) Object.defineProperty(where, name, { value, writable: true, configurable: true, enumerable: false });
}

provide(Object, "entries", (object: Readonly<Record<string, unknown>>) => Object.keys(object).map((key) => [key, object[key]]));
provide(Object, "getOwnPropertyDescriptors", (object: object) => {
  const out: Record<PropertyKey, unknown> = {};
  for (const key of Reflect.ownKeys(object)) out[key as string] = Object.getOwnPropertyDescriptor(object, key);
  return out;
});
provide(Object, "values", (object: Readonly<Record<string, unknown>>) => Object.keys(object).map((key) => object[key]));
provide(Object, "fromEntries", (entries: readonly (readonly [string, unknown])[]) => {
  const out: Record<string, unknown> = {};
  for (const [key, value] of entries) out[key] = value;
  return out;
});
provide(Array.prototype, "flatMap", function flatMap(this: unknown[], make: (item: unknown, index: number, list: unknown[]) => unknown) {
  return ([] as unknown[]).concat(...this.map(make));
});
provide(Array.prototype, "flat", function flat(this: unknown[]) {
  return ([] as unknown[]).concat(...this);
});
provide(Array.prototype, "at", function at(this: unknown[], index: number) {
  return this[index < 0 ? this.length + index : index];
});
provide(String.prototype, "padStart", function padStart(this: string, length: number, fill: string) {
  const text = String(this);
  return text.length >= length ? text : fill.repeat(length - text.length) + text;
});
provide(String.prototype, "replaceAll", function replaceAll(this: string, from: string, to: string) {
  return String(this).split(from).join(to);
});
provide(Promise.prototype, "finally", function after(this: Promise<unknown>, run: () => unknown) {
  return this.then(
    (value) => Promise.resolve(run()).then(() => value),
    (error: unknown) =>
      Promise.resolve(run()).then(() => {
        throw error;
      }),
  );
});
