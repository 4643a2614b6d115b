// One script for the add-ins: node build.mjs [build | types | test NAME... | outlook try|bench [SAMPLE]] [--out DIR] [--screenshots]
// Bundles go to DIR/ui, DIR/playground, DIR/outlook and DIR/thunderbird with DIR/phiscan-thunderbird.xpi (DIR is build/addins beside the tree unless said otherwise), tests to DIR/tests.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" }, screenshots: { type: "boolean" } },
});
const out = resolve(values.out ?? join(root, "build/addins"));

/** `phiscan:labels`: the pack's own words for kinds of findings, so that all clients and the command line say the same. */
const labels = {
  name: "labels",
  setup(build) {
    build.onResolve({ filter: /^phiscan:labels$/ }, () => ({ path: "labels", namespace: "phiscan" }));
    build.onLoad({ filter: /.*/, namespace: "phiscan" }, () => {
      const texts = (lang) => JSON.parse(readFileSync(join(root, `libphiscan/packs/us-core/texts/${lang}.json`), "utf8"));
      const kinds = (lang) => Object.fromEntries(Object.entries(texts(lang)).flatMap(([k, v]) => (k.startsWith("label.") ? [[k.slice(6), v]] : [])));
      return { contents: JSON.stringify({ en: kinds("en"), es: kinds("es") }), loader: "json" };
    });
  },
};

/** CSS of an element as a string, with its imports inside. */
const css = {
  name: "css",
  setup(build) {
    if (build.initialOptions.loader?.[".css"] === "css") return;
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({ entryPoints: [path], bundle: true, minify: true, write: false, loader: { ".css": "css" } });
      return { contents: outputFiles[0].text, loader: "text", watchFiles: [path] };
    });
  },
};

const browser = {
  bundle: true, minify: true, format: "esm", target: "es2022", platform: "browser", charset: "utf8", legalComments: "none",
  plugins: [labels, css], logLevel: "warning",
};

async function build() {
  await esbuild.build({ ...browser, entryPoints: [join(here, "ui/src/index.ts")], outfile: join(out, "ui/ui.js") });
  const to = join(out, "playground");
  mkdirSync(to, { recursive: true });
  await esbuild.build({ ...browser, entryPoints: [join(here, "playground/src/playground.ts")], outfile: join(to, "playground.js") });
  await esbuild.build({ ...browser, loader: { ".css": "css" }, entryPoints: [join(here, "playground/src/playground.css")], outfile: join(to, "playground.css") });
  cpSync(join(here, "playground/src/index.html"), join(to, "index.html"));
  const folder = join(here, "playground/samples");
  const samples = readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
  writeFileSync(join(to, "samples.json"), JSON.stringify(samples));
  await buildThunderbird();
  await buildOutlook();
}

/**
 * The pages that phiscan-host serves. launchevent.js is one script of ES2016 for the Outlook that has no browser: esbuild turns newer
 * syntax into old, builtins.ts brings newer functions, and tests/outlook/es2016.test.ts holds the result to it.
 */
async function buildOutlook() {
  const from = join(here, "outlook");
  const to = join(out, "outlook");
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const launch = { ...browser, format: "iife", target: "es2016", charset: "ascii", tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } } };
  // In front of everything: esbuild's own helpers want some of it.
  const { outputFiles } = await esbuild.build({ ...launch, entryPoints: [join(from, "src/builtins.ts")], write: false });
  await esbuild.build({ ...launch, entryPoints: [join(from, "src/launch.ts")], outfile: join(to, "launchevent.js"), banner: { js: outputFiles[0].text } });
  await esbuild.build({ ...browser, entryPoints: [join(from, "src/pane.ts")], outfile: join(to, "taskpane.js"), alias: aliases });
  for (const name of readdirSync(join(from, "pages"))) cpSync(join(from, "pages", name), join(to, name));
  cpSync(join(from, "icons"), join(to, "icons"), { recursive: true });
  // The simulated host page of the tests and of `./dev try outlook`.
  const simulated = join(out, "outlook-simulated");
  mkdirSync(simulated, { recursive: true });
  await esbuild.build({ ...browser, format: "iife", entryPoints: [join(root, "tests/outlook/simulated_outlook.ts")], outfile: join(simulated, "simulated_outlook.js") });
  cpSync(join(root, "tests/outlook/simulated_outlook.html"), join(simulated, "index.html"));
}

/** The add-on as a folder, and packed: the same bytes each time, since the order and the time of its files are fixed. */
async function buildThunderbird() {
  const from = join(here, "thunderbird");
  const to = join(out, "thunderbird");
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const scripts = ["background", "review", "popup", "options", "compose"];
  await esbuild.build({ ...browser, target: "firefox140", entryPoints: scripts.map((name) => join(from, `src/${name}.ts`)), outdir: to });
  for (const name of ["review.html", "popup.html", "options.html", "pages.css"]) cpSync(join(from, "src", name), join(to, name));
  for (const name of ["manifest.json", "_locales", "icons"]) cpSync(join(from, name), join(to, name), { recursive: true });
  const pack = `import sys, os, zipfile
folder, target = sys.argv[1:]
names = sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, files in os.walk(folder) for name in files)
with zipfile.ZipFile(target + ".part", "w", zipfile.ZIP_DEFLATED) as out:
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            out.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), file.read(), zipfile.ZIP_DEFLATED)
os.replace(target + ".part", target)`;
  const run = spawnSync("python3", ["-c", pack, to, join(out, "phiscan-thunderbird.xpi")], { stdio: "inherit" });
  if (run.status !== 0) throw new Error("python3 could not pack the add-on");
}

/** Unit tests lie beside their files; what needs a browser and the engine lies in tests/web. */
const tests = {
  core: () => find(join(here, "core"), /\.test\.ts$/),
  ui: () => [join(root, "tests/web/ui.test.ts")],
  playground: () => [join(root, "tests/web/playground.test.ts")],
  thunderbird: () => find(join(here, "thunderbird"), /\.test\.ts$/),
  outlook: () => [...find(join(here, "outlook/src"), /\.test\.ts$/), ...["es2016", "classic", "manifest"].map((name) => join(root, `tests/outlook/${name}.test.ts`))],
  "outlook-browser": () => [join(root, "tests/outlook/browser.test.ts")],
  "outlook-network": () => [join(root, "tests/outlook/network.test.ts")],
};

/** Bundles the tests of these workspaces and runs them under node's own runner. */
async function test(names) {
  const to = join(out, "tests");
  const entryPoints = names.flatMap((name) => tests[name]());
  rmSync(join(to, names.join("-")), { recursive: true, force: true });
  await esbuild.build({
    bundle: true, format: "cjs", target: "node18", platform: "node", entryPoints, outdir: join(to, names.join("-")), outbase: root,
    outExtension: { ".js": ".cjs" }, sourcemap: "inline", packages: "external", alias: aliases, plugins: [labels, css], logLevel: "warning",
  });
  const files = find(join(to, names.join("-")), /\.test\.cjs$/);
  const environment = {
    ...process.env, NODE_PATH: join(here, "node_modules"), PHISCAN_ROOT: root, PHISCAN_OUT: out,
    ...(values.screenshots ? { PHISCAN_SCREENSHOTS: join(root, "build/screenshots") } : {}),
  };
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit", env: environment });
  process.exitCode = run.status ?? 1;
}

// Our own packages are bundled into the tests; what npm brought stays outside.
const aliases = Object.fromEntries(Object.keys(tests).map((name) => [`@phiscan/${name}`, join(here, name, "src/index.ts")]));

function find(folder, pattern) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? find(join(folder, entry.name), pattern) : pattern.test(entry.name) ? [join(folder, entry.name)] : []))
    .sort();
}

/** Strict types, everywhere; core once more where there is neither DOM nor Node, and what classic Outlook runs where there is only ES2016. */
function types() {
  for (const project of ["core", "outlook/tsconfig.launch.json", "."]) {
    const run = spawnSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", join(here, project)], { stdio: "inherit" });
    if (run.status !== 0) process.exitCode = 1;
  }
}

/** A program of tests/outlook: `try` or `bench`. */
async function runOutlook(name, ...rest) {
  const file = join(out, "tests", `outlook-${name}.cjs`);
  await esbuild.build({
    bundle: true, format: "cjs", target: "node18", platform: "node", entryPoints: [join(root, `tests/outlook/${name}.ts`)], outfile: file, packages: "external", alias: aliases, plugins: [labels, css],
    logLevel: "warning",
  });
  const environment = { ...process.env, NODE_PATH: join(here, "node_modules"), PHISCAN_ROOT: root, PHISCAN_OUT: out };
  process.exitCode = spawnSync(process.execPath, [file, ...rest], { stdio: "inherit", env: environment }).status ?? 1;
}

const [command = "build", ...names] = positionals;
if (command === "build") await build();
else if (command === "types") types();
else if (command === "outlook" && (names[0] === "try" || names[0] === "bench")) await runOutlook(...names);
else if (command === "test") await test(names.length > 0 ? names : Object.keys(tests));
else throw new Error("usage: node build.mjs [build | types | test NAME... | outlook try|bench [SAMPLE]] [--out DIR] [--screenshots]");
