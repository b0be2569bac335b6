import { expect, test } from "vitest";
import { parseImport } from "./parse-import.ts";

test.each([
  ["as Connect takes it", '{"name":"a","config":{"connector.class":"x.Y","tasks.max":2,"flag":true}}', "a"],
  ["flat with a name", '{"name":"a","connector.class":"x.Y","tasks.max":"2","flag":"true"}', "a"],
  ["flat without a name", '{"connector.class":"x.Y","tasks.max":"2","flag":"true","gone":null}', undefined],
])("%s", (_case, text, name) => {
  expect(parseImport(text)).toEqual({
    ok: true,
    name,
    config: { "connector.class": "x.Y", "tasks.max": "2", flag: "true" },
  });
});

test("odd keys and values stay byte for byte", () => {
  expect(parseImport('{"x y":"  a\\tb "}')).toMatchObject({ config: { "x y": "  a\tb " } });
});

test.each([
  ["no JSON", "name=x", /not a JSON object/, false],
  ["a list", "[1]", /not a JSON object/, false],
  ["something nested", '{"a":{"b":1}}', /flat: a/, false],
  ["a password", '{"config":{"database.password":"hunter2"}}', /database\.password/, true],
  ["a URL with a password in text that is no JSON", "postgres://u:hunter2@h/d", /not a JSON/, true],
] as const)("%s is refused", (_case, text, problem, holdsSecret) => {
  const parsed = parseImport(text);

  expect(parsed).toMatchObject({ ok: false, holdsSecret, problem: expect.stringMatching(problem) });
  expect(JSON.stringify(parsed)).not.toContain("hunter2");
});
