import { expect, test } from "vitest";
import { explainConnectionFailure, type LoginRole, loginRemarks } from "./connection-test.ts";

const database = { host: "db", port: 5432, databaseName: "shop", tlsMode: "require" } as const;
const at = new Date(0);

test.each([
  ["ENOTFOUND", "getaddrinfo ENOTFOUND db", "host_unknown", "host name db is unknown"],
  ["ECONNREFUSED", "connect ECONNREFUSED", "refused", "Nothing accepts connections at db:5432"],
  ["EHOSTUNREACH", "", "unreachable", "no network route"],
  [undefined, "timeout expired", "timeout", "did not answer in time"],
  [undefined, "Connection terminated due to connection timeout", "timeout", "did not answer in time"],
  [undefined, "Connection terminated unexpectedly", "not_postgresql", "cut the connection"],
  [undefined, "The server does not support SSL connections", "tls_unavailable", "offers no TLS"],
  [
    "28000",
    'no pg_hba.conf entry for host "h", user "u", database "d", no encryption',
    "tls_required",
    "without TLS",
  ],
  [
    "28000",
    'no pg_hba.conf entry for host "h", user "u", database "d", SSL encryption',
    "not_let_in",
    "pg_hba.conf",
  ],
  ["28000", 'role "u" is not permitted to log in', "role_unusable", "may not log in"],
  ["28000", 'role "u" does not exist', "role_unusable", "does not exist"],
  ["28P01", 'password authentication failed for user "u"', "password_wrong", "does not accept"],
  ["3D000", 'database "shop" does not exist', "database_missing", "no database shop"],
  ["42501", 'permission denied for database "shop"', "connect_not_granted", "may not connect to shop"],
  ["53300", "sorry, too many clients already", "too_many_connections", "no free connection"],
  ["57P03", "the database system is starting up", "starting_up", "starting up"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "", "certificate_untrusted", "not trusted"],
  ["CERT_HAS_EXPIRED", "", "certificate_expired", "not valid now"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "", "certificate_other_host", "another host name"],
  ["HEADGATE_UNPROTECTED_PASSWORD", "", "password_unprotected", "does not send it"],
  ["XX000", "something [hidden] broke", "other", "something [hidden] broke"],
] as const)("%s %s", (code, message, problem, sentence) => {
  const result = explainConnectionFailure({ code, message }, database, at);

  expect(result).toMatchObject({ ok: false, problem, sentence: expect.stringContaining(sentence) });
  expect(result.fix).not.toBe("");
});

const role = (over: Partial<LoginRole> = {}): LoginRole => ({
  superuser: false,
  replication: false,
  createsRoles: false,
  createsDatabases: false,
  bypassesRowSecurity: false,
  writableTables: 0,
  readableTables: 5,
  ...over,
});

test.each([
  ["a role that may only read, well encrypted", role(), "verify-full", false, []],
  ["a superuser", role({ superuser: true, writableTables: 9 }), "verify-full", false, ["superuser"]],
  ["a role that may write", role({ writableTables: 2 }), "verify-full", false, ["write to 2 tables"]],
  ["a role that may replicate", role({ replication: true }), "verify-full", false, ["REPLICATION"]],
  ["a role that may read nothing", role({ readableTables: 0 }), "verify-full", false, ["may read no table"]],
  ["a connection in the open", role(), "disable", false, ["not encrypted"]],
  ["TLS without a check", role(), "require", false, ["prefer verify-full"]],
  ["a standby", role(), "verify-full", true, ["standby"]],
] as const)("%s", (_case, given, tlsMode, isStandby, remarks) => {
  expect(loginRemarks(given, tlsMode, isStandby)).toEqual(
    remarks.map((remark) => expect.stringContaining(remark)),
  );
});
