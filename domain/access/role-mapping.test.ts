import { describe, expect, test } from "vitest";
import { groupsInClaims, parseRoleMapping, rolesOfGroups } from "./role-mapping.ts";

describe("reading the mapping", () => {
  test.each([
    [
      "two pairs with spaces",
      " ops = operator , root=admin ",
      [
        ["ops", "operator"],
        ["root", "admin"],
      ],
    ],
    ["a group with an equals sign", "cn=ops=operator", [["cn=ops", "operator"]]],
    ["a group with an escaped comma", "cn=ops\\,ou=it=operator", [["cn=ops,ou=it", "operator"]]],
    [
      "one group with two roles",
      "lead=operator,lead=engineer",
      [
        ["lead", "operator"],
        ["lead", "engineer"],
      ],
    ],
    ["a trailing comma", "ops=operator,", [["ops", "operator"]]],
  ])("%s", (_what, text, pairs) => {
    expect(parseRoleMapping(text)).toEqual({
      mapping: pairs.map(([group, role]) => ({ group, role })),
      problems: [],
    });
  });

  test.each([
    ["no role", "ops", '"ops" is not group=role'],
    ["no group", "=admin", '"=admin" is not group=role'],
    ["an unknown role", "ops=boss", "the roles are viewer, analyst, operator, engineer, security, admin"],
    ["nothing", "", "it maps no group to a role"],
  ])("%s is a problem that says what is wrong", (_what, text, problem) => {
    expect(parseRoleMapping(text).problems.join()).toContain(problem);
  });
});

describe("roles of groups", () => {
  const { mapping } = parseRoleMapping("ops=operator,data=engineer,data=analyst,root=admin");

  test.each([
    ["one group, one role", ["ops"], ["operator"]],
    ["one group, two roles, in the order of the role list", ["data"], ["analyst", "engineer"]],
    ["several groups", ["root", "ops"], ["operator", "admin"]],
    ["a group with Keycloak's slash", ["/ops"], ["operator"]],
    ["a group of the same name deeper down is another group", ["/team/ops"], []],
    ["names are compared exactly", ["OPS"], []],
    ["no groups", [], []],
  ])("%s", (_what, groups, roles) => {
    expect(rolesOfGroups(groups, mapping)).toEqual(roles);
  });
});

describe("groups in claims", () => {
  test.each([
    ["a list", { groups: ["a", "b"] }, "groups", ["a", "b"]],
    ["one name", { groups: "a" }, "groups", ["a"]],
    ["an empty list", { groups: [] }, "groups", []],
    ["no such claim", { sub: "x" }, "groups", undefined],
    ["a nested claim", { realm_access: { roles: ["a"] } }, "realm_access.roles", ["a"]],
    ["a claim whose name has dots", { "https://x.y/groups": ["a"] }, "https://x.y/groups", ["a"]],
    ["what is no text is left out", { groups: ["a", 1, null] }, "groups", ["a"]],
    ["a claim of another shape gives no groups", { groups: { a: true } }, "groups", []],
    ["nothing inherited counts", {}, "constructor.name", undefined],
  ])("%s", (_what, claims, claim, groups) => {
    expect(groupsInClaims(claims, claim)).toEqual(groups);
  });
});
