/**
 * Builds the pages into dist/, or into the folder that is given:
 *   index.html app.js app.css favicon.svg   the board's pages
 *   report.html                             the article alone, everything in one file, with
 *                                           placeholders that `kf report` fills in
 *   LICENSES.txt                            the licences of what is bundled
 * The same sources give the same bytes. Ends with an error when the pages are above their budget.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
/** What the first visit fetches, compressed. */
const BUDGET_BYTES = 300_000;

const SHARED = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  charset: "utf8",
  target: ["es2020", "chrome100", "firefox100", "safari15"],
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
};

/** Bundles a script and the styles it imports; returns both as text and the files that went in. */
async function bundle(entry) {
  const made = await build({ ...SHARED, entryPoints: [entry], format: "iife", outdir: "out" });
  const text = (ending) => made.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? "";
  return { script: text(".js"), style: text(".css"), inputs: Object.keys(made.metafile.inputs) };
}

const policyHash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The report: script and style stand in the page, and its policy lets nothing else run. */
async function report(parts) {
  const script = parts.script.replaceAll("</script", "<\\/script");
  const policy = [
    "default-src 'none'",
    `script-src ${policyHash(script)}`,
    `style-src ${policyHash(parts.style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = await readFile(join(HERE, "src/report.html"), "utf8");
  const filled = new Map([
    ["POLICY", policy],
    ["STYLE", parts.style],
    ["SCRIPT", script],
  ]);
  return page.replace(/%%(POLICY|STYLE|SCRIPT)%%/g, (_, name) => filled.get(name));
}

/** Names of the packages that the inputs come from, sorted. */
function packagesOf(inputs) {
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

/** Every bundled package with its licence as it came. */
async function licences(names) {
  const parts = [];
  for (const name of names) {
    const folder = join(HERE, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} comes without a licence`);
    const text = (await readFile(join(folder, file), "utf8")).replace(/[ \t\r]+$/gm, "").trim();
    parts.push(`${name} ${about.version} (${about.license})\n\n${text}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

function checkBudget(files) {
  const sizes = ["index.html", "app.js", "app.css"].map((name) => [
    name,
    gzipSync(files.get(name), { level: 6 }).length,
  ]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  const told = sizes.map(([name, size]) => `${name} ${(size / 1000).toFixed(1)}`).join(", ");
  const alone = gzipSync(files.get("report.html"), { level: 6 }).length;
  console.log(
    `compressed, kB: ${told}; together ${(total / 1000).toFixed(1)} of ` +
      `${BUDGET_BYTES / 1000}; report.html without figures ${(alone / 1000).toFixed(1)}`,
  );
  if (total > BUDGET_BYTES) throw new Error("the pages are above their budget: bundle less");
}

async function main(target) {
  const app = await bundle("src/app.tsx");
  const alone = await bundle("src/report.tsx");
  const files = new Map([
    ["index.html", await readFile(join(HERE, "src/index.html"), "utf8")],
    ["favicon.svg", await readFile(join(HERE, "src/favicon.svg"), "utf8")],
    ["app.js", app.script],
    ["app.css", app.style],
    ["report.html", await report(alone)],
    ["LICENSES.txt", await licences(packagesOf([...app.inputs, ...alone.inputs]))],
  ]);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const [name, text] of files) await writeFile(join(target, name), text);
  checkBudget(files);
}

main(resolve(process.argv[2] ?? join(HERE, "dist"))).catch((error) => {
  console.error(`${basename(process.argv[1])}: ${error.message}`);
  process.exitCode = 1;
});
