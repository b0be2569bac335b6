import { expect, test } from "vitest";
import { clearedCookie, cookieNames, readCookies } from "./cookies.ts";

test("over https every cookie has the prefix that binds it to this host", () => {
  const { isSecure, ...names } = cookieNames("https://headgate.example");

  expect(isSecure).toBe(true);
  for (const name of Object.values(names)) expect(name).toMatch(/^__Host-headgate\./);
  expect(clearedCookie(names.session, isSecure)).toMatch(/Path=\/;.*HttpOnly; SameSite=Lax; Secure$/);
});

test("over http there is no prefix, which browsers would refuse", () => {
  expect(cookieNames("http://localhost:3000")).toMatchObject({
    isSecure: false,
    session: "headgate.session",
  });
});

test.each([
  ["several", "a=1; b=2", { a: "1", b: "2" }],
  ["the first of two with one name", "a=1; a=2", { a: "1" }],
  ["an encoded value", "a=x%3Dy", { a: "x=y" }],
  ["a value that only looks encoded", "a=100%", { a: "100%" }],
  ["none", null, {}],
  ["rubbish", "; =x; y", {}],
])("the cookie header is read: %s", (_what, header, cookies) => {
  expect(readCookies(header)).toEqual(cookies);
});
