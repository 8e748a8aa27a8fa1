/**
 * Bundles test/*.test.ts into the folder that is given (build/page/test without one) and runs them
 * with node's own runner; what follows the folder is passed on to it.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Paths of the tests below `folder`, sorted. */
function testsIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return testsIn(path);
      return entry.name.endsWith(".test.ts") || entry.name.endsWith(".test.tsx") ? [path] : [];
    })
    .sort();
}

const [target = join(HERE, "../../../build/page/test"), ...more] = process.argv.slice(2);
const out = resolve(target);
rmSync(out, { recursive: true, force: true });
const built = buildSync({
  absWorkingDir: HERE,
  entryPoints: testsIn(join(HERE, "test")),
  outdir: out,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  outExtension: { ".js": ".mjs" },
  outbase: join(HERE, "test"),
  logLevel: "warning",
  metafile: true,
  loader: { ".css": "empty" },
});
const files = Object.keys(built.metafile.outputs).map((path) => resolve(HERE, path));
const ran = spawnSync(process.execPath, ["--test", ...more, ...files], {
  stdio: "inherit",
  cwd: HERE,
});
process.exitCode = ran.status ?? 1;
