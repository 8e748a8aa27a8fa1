/** What services tell of themselves, in Norwegian. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SENTENCES, told } from "../../src/pages/operations/told";

const ROOT = join(process.cwd(), "..", "..", "..");

/** Texts of all C sources below a folder, strings that go on over a line joined. */
function sourcesOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "page" ? "" : sourcesOf(path);
      return entry.name.endsWith(".c") ? readFileSync(path, "utf8") : "";
    })
    .join("\n")
    .replace(/"\s*\n\s*"/g, "")
    .replace(/%" PRI\w+ "/g, "%u")
    .replace(/%%/g, "%");
}

/** Where sentences are put together: at their places, and where services fill in words. */
const FILLED = /(?<=waiting for) |(?<=, )(?=(?:un)?revised)|(?<=revised) /;
const JOINTS = new RegExp(`\\{\\w+\\}|${FILLED.source}|(?=, and for)|(?<=answer)(?=:)|(?=; )`);

test("the sentences are those that services make", () => {
  const sources = sourcesOf(join(ROOT, "services")) + sourcesOf(join(ROOT, "common"));
  for (const [sentence] of SENTENCES) {
    for (const part of sentence.split(JOINTS).map((one) => one.trim())) {
      assert.ok(part.length < 5 || sources.includes(part), `"${part}" is in no source`);
    }
  }
});

test("a place stands on both sides", () => {
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [en, nb] of SENTENCES) assert.deepEqual(places(nb), places(en), en);
});

test("own sentences are Norwegian, what they quote is not", () => {
  assert.equal(
    told("since 2026-03-15T07:00:00Z: no Kafka at a:9092: all brokers are away", "nb"),
    "siden 2026-03-15T07:00:00Z: ingen Kafka på a:9092: ingen megler (broker) svarer",
  );
  assert.equal(
    told("since 2026-03-15T07:00:00Z: Connection refused", "nb"),
    "siden 2026-03-15T07:00:00Z: Connection refused",
  );
  assert.equal(told("Kafka at a:1,b:2", "nb"), "Kafka på a:1,b:2");
  assert.equal(told("kostra, unrevised figures of 2025", "nb"), "kostra, ureviderte tall for 2025");
  assert.equal(told("kostra, revised figures of 2025", "nb"), "kostra, reviderte tall for 2025");
  assert.equal(
    told("innb_1_5: need-2026 2026: 30 of 40 figures are gone (75.0 %, at most 10 % may be)", "nb"),
    "innb_1_5: need-2026 2026: 30 av 40 tall er borte (75,0 %, høyst 10 % kan være det)",
  );
  assert.equal(
    told(
      "need-2026 2026: 4 of 40 figures of all columns together are over 10 times larger or " +
        "smaller than those of 2025 (10.0 %, at most 5 % may be); most of all 1.5 before, 20 now",
      "nb",
    ),
    "need-2026 2026: 4 av 40 tall i alle kolonner til sammen er over 10 ganger større eller " +
      "mindre enn i 2025 (10,0 %, høyst 5 % kan være det); mest av alt 1,5 før, 20 nå",
  );
  assert.equal(told("index: 3 rows of 40 are here", "nb"), "index: 3 av 40 rader er her");
});

test("English is left as it is, and so is whatever nobody here has said", () => {
  assert.equal(told("asking for Kafka", "en"), "asking for Kafka");
  assert.equal(told("SASL handshake failed", "nb"), "SASL handshake failed");
  assert.equal(told("", "nb"), "");
});
