import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { rowsPerTable, scramVerifier } from "./seed.ts";

test("the verifier is the one of RFC 7677's example", () => {
  const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
  const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const exchange = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`;

  const verifier = scramVerifier("pencil", salt);
  const serverKey = Buffer.from(verifier.split(":").at(-1) ?? "", "base64");

  expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:W22ZaJ0SNY7soEsUEjb6gQ==\$/);
  expect(createHmac("sha256", serverKey).update(exchange).digest("base64")).toBe(
    "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  );
});

test("a lab of the usual size holds more than 100,000 rows", () => {
  const rows = rowsPerTable(120_000);
  const orderItems = (rows.orders ?? 0) * 2;

  expect(Object.values(rows).reduce((sum, count) => sum + count, orderItems)).toBeGreaterThan(110_000);
});

test("the smallest lab still has rows in every table", () => {
  expect(Math.min(...Object.values(rowsPerTable(100)))).toBeGreaterThanOrEqual(4);
});
