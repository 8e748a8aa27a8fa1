import assert from "node:assert/strict";
import { test } from "node:test";
import { groupMembers } from "../../src/base/comparison";

const SKIEN = { code: "4003", name: "Skien", kostraGroup: "11" };
const PORSGRUNN = { code: "4001", name: "Porsgrunn", kostraGroup: "11" };
const NOME = { code: "4018", name: "Nome" };
const OSLO = { code: "0301", name: "Oslo", kostraGroup: "12" };
const HALDEN = { code: "3101", name: "Halden", kostraGroup: "11" };
const ALL = [OSLO, HALDEN, PORSGRUNN, SKIEN, NOME];

test("all are all members, ascending", () => {
  assert.deepEqual(groupMembers("all", SKIEN, ALL), ["0301", "3101", "4001", "4003", "4018"]);
});

test("a county is told by the first two digits", () => {
  assert.deepEqual(groupMembers("county", SKIEN, ALL), ["4001", "4003", "4018"]);
});

test("a KOSTRA group holds those that are known to be of it", () => {
  assert.deepEqual(groupMembers("kostra", SKIEN, ALL), ["3101", "4001", "4003"]);
  assert.deepEqual(groupMembers("kostra", NOME, ALL), ["4018"]);
});

test("an own list holds the municipality itself, and only members", () => {
  assert.deepEqual(groupMembers(["0301", "9999"], SKIEN, ALL), ["0301", "4003"]);
});
