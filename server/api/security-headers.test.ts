import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contentSecurityPolicy, SONNER_STYLES, securityHeaders } from "./security-headers.ts";

const policy = (isDevelopment: boolean) =>
  contentSecurityPolicy({ nonce: "abc", formTargets: ["https://id.example"], isDevelopment });

test("in production nothing runs and nothing styles without the nonce, and nothing is framed", () => {
  const directives = Object.fromEntries(
    policy(false)
      .split("; ")
      .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1)]),
  );

  expect(directives["script-src"]).toEqual(["'self'", "'nonce-abc'", "'strict-dynamic'"]);
  expect(directives["style-src"]).toEqual(["'self'", "'nonce-abc'", ...SONNER_STYLES]);
  expect(directives["object-src"]).toEqual(["'none'"]);
  expect(directives["base-uri"]).toEqual(["'none'"]);
  expect(directives["frame-ancestors"]).toEqual(["'none'"]);
  expect(directives["connect-src"]).toEqual(["'self'"]);
  expect(directives["form-action"]).toEqual(["'self'", "https://id.example"]);
  expect(policy(false)).not.toContain("unsafe-eval");
});

test("the two style hashes are those of the installed sonner", () => {
  const source = readFileSync("node_modules/sonner/dist/index.mjs", "utf8");
  const [, literal = ""] = /__insertCSS\(("(?:[^"\\]|\\.)*")\)/.exec(source) ?? [];
  const styles = ["", JSON.parse(literal) as string];

  const hashes = styles.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);

  expect(SONNER_STYLES).toEqual(hashes);
});

test("https is made to stick, plain http is not", () => {
  expect(securityHeaders(true)["strict-transport-security"]).toContain("max-age");
  expect(securityHeaders(false)["strict-transport-security"]).toBeUndefined();
});
