import assert from "node:assert/strict";
import { test } from "node:test";
import { articleUrl, readAddress, writeAddress, type Address } from "../../src/base/address";

const SKIEN: Address = { page: "municipality", code: "4003", group: "all", uses: [] };

test("the three pages have paths of their own, any other path is unknown", () => {
  assert.equal(readAddress("/", "").page, "choose");
  assert.equal(readAddress("/operations", "").page, "operations");
  assert.equal(readAddress("/municipality/4003", "").page, "municipality");
  for (const path of ["/municipality/", "/municipality/40031", "/municipality/4003/x", "/x"]) {
    assert.equal(readAddress(path, "").page, "unknown", path);
  }
});

test("an address that is written is read as the same", () => {
  const addresses: readonly Address[] = [
    SKIEN,
    { ...SKIEN, edition: "need-2026", year: 2026, group: "county", language: "en" },
    {
      ...SKIEN,
      group: ["4001", "4020"],
      uses: [
        { section: "resource-use", edition: "resource-use-lorenskog", year: 2024 },
        { section: "need", edition: "need-2026", year: 2026 },
      ],
    },
    { page: "choose", code: "", group: "all", uses: [], language: "nb" },
    { page: "operations", code: "", group: "all", uses: [] },
  ];
  for (const address of addresses) {
    const [path = "", query = ""] = writeAddress(address).split("?");
    assert.deepEqual(readAddress(path, query), address);
  }
});

test("what cannot be read in an address is left out", () => {
  const read = readAddress(
    "/municipality/4003",
    "?edition=../etc&year=20x6&group=a,b&use=need:x&use=other:need-2026/2026&lang=de",
  );
  assert.deepEqual(read, SKIEN);
});

test("codes of an own group are each kept once, and not without end", () => {
  assert.deepEqual(readAddress("/municipality/4003", "group=4001,4001,x,4020").group, [
    "4001",
    "4020",
  ]);
  const many = Array.from({ length: 90 }, (_, at) => String(1000 + at)).join(",");
  assert.equal(readAddress("/municipality/4003", `group=${many}`).group.length, 40);
});

test("the article is asked for with what the address says, the group is the page's own", () => {
  const address: Address = {
    ...SKIEN,
    edition: "need-2026",
    year: 2026,
    group: "kostra",
    uses: [{ section: "need", edition: "need-2025", year: 2025 }],
  };
  assert.equal(
    articleUrl(address),
    "/api/article?municipality=4003&edition=need-2026&year=2026&use=need:need-2025/2025",
  );
  assert.equal(articleUrl(SKIEN), "/api/article?municipality=4003");
});
