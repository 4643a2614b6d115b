declare module "*.css" {
  const text: string;
  export default text;
}

/** Words for kinds of findings, from the pack's own texts (see build.mjs). */
declare module "phiscan:labels" {
  const labels: Readonly<Record<"en" | "es", Readonly<Record<string, string>>>>;
  export default labels;
}
