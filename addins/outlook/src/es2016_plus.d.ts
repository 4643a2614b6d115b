// What builtins.ts provides beyond ES2016, for the compiler: launch.ts and all it takes from core are checked against ES2016 and this.
interface ObjectConstructor {
  entries<T>(object: { readonly [key: string]: T } | ArrayLike<T>): [string, T][];
  values<T>(object: { readonly [key: string]: T } | ArrayLike<T>): T[];
  fromEntries<T>(entries: Iterable<readonly [PropertyKey, T]>): { [key: string]: T };
}
interface Array<T> {
  flatMap<U>(make: (value: T, index: number, list: T[]) => U | readonly U[]): U[];
  at(index: number): T | undefined;
}
interface ReadonlyArray<T> {
  flatMap<U>(make: (value: T, index: number, list: readonly T[]) => U | readonly U[]): U[];
  flat(): T extends readonly (infer U)[] ? U[] : T[];
  at(index: number): T | undefined;
}
interface Array<T> {
  flat(): T extends readonly (infer U)[] ? U[] : T[];
}
interface String {
  padStart(length: number, fill: string): string;
  replaceAll(from: string, to: string): string;
}
interface Promise<T> {
  finally(run: () => void): Promise<T>;
}
interface ErrorOptions {
  cause?: unknown;
}
