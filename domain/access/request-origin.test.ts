import { expect, test } from "vitest";
import { foreignOriginProblem } from "./request-origin.ts";

const here = "https://headgate.example";

test.each([
  ["a read from anywhere", "GET", "https://evil.example", "cross-site"],
  ["a change from the console", "POST", here, "same-origin"],
  ["a change from the console by a browser without fetch metadata", "POST", here, null],
  ["a change whose origin the browser leaves out", "DELETE", null, "same-origin"],
])("%s is served", (_what, method, origin, secFetchSite) => {
  expect(foreignOriginProblem({ method, origin, secFetchSite }, here)).toBeUndefined();
});

test.each([
  ["a change from another site", "POST", "https://evil.example", "cross-site"],
  ["a change from a sibling domain", "PUT", "https://other.headgate.example", "same-site"],
  ["a change from a hidden origin", "POST", "null", "cross-site"],
  ["the same host by another protocol", "PATCH", "http://headgate.example", "same-site"],
  ["another origin that claims to be the same", "POST", "https://evil.example", "same-origin"],
  ["a change without any statement", "POST", null, null],
  ["a change typed into the address bar", "DELETE", null, "none"],
])("%s is refused", (_what, method, origin, secFetchSite) => {
  expect(foreignOriginProblem({ method, origin, secFetchSite }, here)).toMatch(/console/);
});
