import { expect, test } from "vitest";
import { hashSessionToken, newSessionToken, openTokens, sealTokens } from "./session-token.ts";

const key = { secret: "s".repeat(32), sessionToken: "cookie", sessionId: "4d1c0f3e" };
const tokens = { idToken: "id", refreshToken: "refresh" };

test("sealed tokens open with the same secret, cookie and session", () => {
  expect(openTokens(sealTokens(tokens, key), key)).toEqual(tokens);
});

test.each([
  ["another secret", { secret: "t".repeat(32) }],
  ["another cookie", { sessionToken: "stolen" }],
  ["another session", { sessionId: "other" }],
])("%s opens nothing", (_what, change) => {
  expect(openTokens(sealTokens(tokens, key), { ...key, ...change })).toBeUndefined();
});

test("a changed seal opens nothing", () => {
  const sealed = Buffer.from(sealTokens(tokens, key), "base64");
  sealed[30] = (sealed[30] ?? 0) ^ 1;

  expect(openTokens(sealed.toString("base64"), key)).toBeUndefined();
  expect(openTokens("", key)).toBeUndefined();
});

test("session tokens are long, different, and not found in their hash", () => {
  const [one, two] = [newSessionToken(), newSessionToken()];

  expect(one).not.toBe(two);
  expect(one.length).toBeGreaterThanOrEqual(43);
  expect(hashSessionToken(one)).toMatch(/^[0-9a-f]{64}$/);
});
