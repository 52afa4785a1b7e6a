import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const widgets = join(root, "labelschool/widgets");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test("the committed bundle is what the sources build", () => {
  const target = /--target=(\S+)/.exec(scripts.build)[1];
  const { outputFiles } = buildSync({
    entryPoints: [join(widgets, "js/index.js")],
    bundle: true,
    format: "esm",
    minify: true,
    target,
    legalComments: "none",
    outfile: join(widgets, "static/annotator.js"),
    write: false,
  });
  assert.equal(outputFiles.length, 2);
  for (const { path, text } of outputFiles) {
    const committed = readFileSync(join(widgets, "static", basename(path)), "utf8");
    assert.ok(committed === text, `${basename(path)} is stale: npm run build`);
  }
});

test("all modes together stay below 150 kB", () => {
  const size = readFileSync(join(widgets, "static/annotator.js")).length;
  assert.ok(size < 150_000, `${size} bytes`);
});
