import { expect, test } from "vitest";
import { findPlaintextSecrets, plaintextIn } from "./plaintext.ts";

const kinds = (config: Record<string, string>, secretKeys: string[] = []) =>
  findPlaintextSecrets(config, secretKeys).map(({ key, kind }) => [key, kind]);

test.each([
  ["a literal in a key typed as password", { "my.thing": "hunter2" }, ["my.thing"], "secret_key"],
  ["a literal in a key named like a secret", { "database.password": "hunter2" }, [], "secret_key"],
  ["a key name with dashes", { "api-key": "k" }, [], "secret_key"],
  ["a registry's user info", { "value.converter.basic.auth.user.info": "u:p" }, [], "secret_key"],
  ["half a reference", { "database.password": "x${vault:kv/a:b}" }, [], "secret_key"],
  ["JAAS settings by name", { "producer.override.sasl.jaas.config": "x" }, [], "secret_key"],
  [
    "JAAS settings by form",
    { other: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="a";' },
    [],
    "login_settings",
  ],
  ["user info in an address", { "connection.url": "postgres://u:hunter2@h/db" }, [], "address_with_password"],
  ["a token as user info", { "connection.url": "https://tok3n@h/" }, [], "address_with_password"],
  [
    "a reference for the user beside a literal password",
    { "connection.url": "postgres://${vault:kv/a:u}:hunter2@h/db" },
    [],
    "address_with_password",
  ],
  [
    "a JDBC password parameter",
    { "connection.url": "jdbc:postgresql://h/db?user=u&password=hunter2" },
    [],
    "parameter",
  ],
  ["a semicolon parameter", { "connection.url": "jdbc:sqlserver://h;Password=hunter2;x=1" }, [], "parameter"],
  ["an account key", { x: "DefaultEndpointsProtocol=https;AccountKey=abc==" }, [], "parameter"],
  ["JSON with a password", { x: '{"user":"a","password":"hunter2"}' }, [], "parameter"],
  ["a private key", { x: "-----BEGIN RSA PRIVATE KEY-----\nabc" }, [], "private_key"],
  ["an encrypted key", { x: "-----BEGIN ENCRYPTED PRIVATE KEY-----" }, [], "private_key"],
  ["a Vault token", { x: "hvs.CAESIJ1234567890abcdefghij" }, [], "token"],
  ["an OpenBao token", { x: "s.1234567890abcdefghij1234" }, [], "token"],
  ["an AWS key id", { x: "AKIAIOSFODNN7EXAMPLE" }, [], "token"],
  ["a GitHub token", { x: "ghp_123456789012345678901234567890123456" }, [], "token"],
  ["a JWT", { x: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig" }, [], "token"],
  ["a bearer header", { "x.headers": "Authorization: Bearer abcdefghijkl1234" }, [], "token"],
] as const)("%s is found", (_case, config, secretKeys, kind) => {
  expect(kinds(config, [...secretKeys])).toEqual([[Object.keys(config)[0], kind]]);
});

test.each([
  ["a reference in a secret key", { "database.password": "${vault:kv/shop:password}" }],
  ["a pinned reference", { "database.password": "${vault:kv/shop?version=2:password}" }],
  ["an empty secret", { "database.password": "" }],
  ["a reference as password of an address", { "connection.url": "postgres://u:${vault:kv/a:p}@h/db" }],
  [
    "a reference as JDBC parameter",
    { "connection.url": "jdbc:x://h/db?user=u&password=${vault:kv/a:p}&x=1" },
  ],
  [
    "an address without user info",
    { "connection.url": "jdbc:postgresql://db.example.com:5432/shop?sslmode=require" },
  ],
  ["a certificate", { "ssl.ca": "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----" }],
  [
    "key columns of a table named token",
    { "message.key.columns": "public.token:id;public.user_secret:name" },
  ],
  ["a table list", { "table.include.list": "public.passwords,public.tokens" }],
  ["times of tokens", { "sasl.oauthbearer.token.refresh.ms": "60000" }],
  ["a reference as people write it", { note: "vault://kv/shop#password@2" }],
  ["a class name", { "connector.class": "io.debezium.connector.postgresql.PostgresConnector" }],
  ["a regular expression", { "transforms.route.regex": "([^.]+)\\.([^.]+)\\.([^.]+)" }],
  ["a mail address", { owner: "team@example.com" }],
  ["a boolean that sounds secret", { "delegate.token": "true" }],
] as const)("%s is no secret in the open", (_case, config) => {
  expect(kinds(config)).toEqual([]);
});

test("what is found never repeats the value", () => {
  const found = findPlaintextSecrets({ "database.password": "hunter2", url: "a://u:hunter2@h" });

  expect(found).toHaveLength(2);
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

test("plain words are no secret", () => {
  expect(plaintextIn("db.example.com")).toBeUndefined();
});
