import { describe, expect, test } from "vitest";
import { type ConnectorPolicy, policyFindings, requirePolicy } from "./policy-gate.ts";

const policy: ConnectorPolicy = {
  configProvider: "vault",
  overrides: ["max.poll.records"],
  fileFolders: ["/etc/connect/ca"],
  secretPrefixes: ["secret/connectors"],
};

describe("refused", () => {
  test.each([
    ["a literal password", "database.password", "hunter2", /Put the secret in Vault/],
    [
      "a password with a reference inside",
      "database.password",
      "x${vault:secret/connectors/a:p}",
      /Put the secret/,
    ],
    ["a literal token under a prefix", "transforms.x.auth-token", "abc", /Put the secret/],
    ["a keystore password", "signal.consumer.ssl.keystore.password", "abc", /Put the secret/],
    ["registry credentials", "value.converter.basic.auth.user.info", "u:p", /Put the secret/],
    ["a login module", "producer.override.sasl.jaas.config", "x", /sasl\.jaas\.config/],
    [
      "a login module behind a reference",
      "signal.consumer.sasl.jaas.config",
      "${vault:secret/connectors/a:b}",
      /sasl\.jaas/,
    ],
    [
      "a login module in any value",
      "topic.prefix",
      "com.sun.security.auth.module.JndiLoginModule required",
      /Login modules/,
    ],
    ["a callback handler class", "database.x", "org.example.EvilCallbackHandler", /callback handlers/],
    ["a config provider of its own", "config.providers", "file", /Config providers/],
    ["a config provider's class", "config.providers.file.class", "x", /Config providers/],
    [
      "a config provider for an inner client",
      "schema.history.internal.consumer.config.providers",
      "file",
      /Config providers/,
    ],
    [
      "an override outside the list",
      "producer.override.bootstrap.servers",
      "evil:9092",
      /override max\.poll\.records/,
    ],
    ["an interceptor", "signal.consumer.interceptor.classes", "x.Y", /loads code/],
    ["a partitioner", "schema.history.internal.producer.partitioner.class", "x.Y", /loads code/],
    ["a token retriever", "signal.consumer.sasl.oauthbearer.jwt.retriever.class", "x.Y", /loads code/],
    ["a script in a transform", "transforms.filter.language", "jsr223.groovy", /run a script/],
    ["an SSL engine factory", "schema.history.internal.producer.ssl.engine.factory.class", "x", /loads code/],
    ["another provider", "database.password", "${file:/etc/passwd:root}", /Only references of the form/],
    ["another provider within a value", "topic.prefix", "a-${env:HOME:x}", /Only references of the form/],
    ["a provider without a path", "database.user", "${env:PASSWORD}", /Only references of the form/],
    [
      "a path with dot segments",
      "database.user",
      "${vault:secret/connectors/../headgate/x:y}",
      /Write the reference/,
    ],
    ["a percent escape", "database.user", "${vault:secret/connectors/%2e%2e/x:y}", /Write the reference/],
    ["a mount without a path", "database.user", "${vault:secret:y}", /Write the reference/],
    ["a line break in the key", "database.user", "${vault:secret/connectors/a:b\nc}", /Write the reference/],
    [
      "a secret outside the prefix",
      "database.user",
      "${vault:secret/headgate/shop:password}",
      /under secret\/connectors/,
    ],
    [
      "a neighbour of the prefix",
      "database.user",
      "${vault:secret/connectors-old/shop:password}",
      /under secret\/connectors/,
    ],
    ["a secret in a topic name", "topic.prefix", "${vault:secret/connectors/a:password}", /in the open/],
    [
      "a secret in a query",
      "snapshot.select.statement.overrides.public.a",
      "select '${vault:secret/connectors/a:p}'",
      /in the open/,
    ],
    ["a file on the worker", "database.sslrootcert", "/root/.pgpass", /under \/etc\/connect\/ca/],
    [
      "a file that climbs out",
      "database.sslrootcert",
      "/etc/connect/ca/../../shadow",
      /under \/etc\/connect\/ca/,
    ],
    ["a relative file", "file", "secrets.txt", /under \/etc\/connect\/ca/],
    [
      "a file URL in any key",
      "value.converter.apicurio.registry.url",
      "file:///etc/shadow",
      /under \/etc\/connect\/ca/,
    ],
    ["a folder", "offset.storage.path", "/var/lib", /under \/etc\/connect\/ca/],
    [
      "a socket factory in a URL",
      "connection.url",
      "jdbc:postgresql://h/d?socketFactory=org.x.Y",
      /socketfactory/,
    ],
    [
      "an escaped socket factory",
      "connection.url",
      "jdbc:postgresql://h/d?socket%46actory=org.x.Y",
      /socketfactory/,
    ],
    ["a socket factory as driver property", "database.socketFactory", "org.x.Y", /driver property/],
    [
      "a password in a URL",
      "connection.url",
      "jdbc:postgresql://h/d?user=a&password=b",
      /password out of the URL/,
    ],
    ["user and password before the host", "connection.url", "jdbc:mysql://u:p@h/d", /out of the URL/],
    [
      "an Oracle password in a URL",
      "connection.url",
      "jdbc:oracle:thin:scott/tiger@h:1521/x",
      /out of the URL/,
    ],
    [
      "an address with a password",
      "transforms.x.endpoint",
      "https://ada:hunter2@example.com",
      /address carries/,
    ],
    ["a private key", "some.setting", "-----BEGIN RSA PRIVATE KEY-----\nhunter2", /private key/],
    [
      "a file behind the query of its URL",
      "sasl.oauthbearer.token.endpoint.url",
      "file:///etc/shadow?${x}",
      /under \/etc\/connect\/ca/,
    ],
    ["a file beside a placeholder", "file", "/etc/shadow,${topic}", /under \/etc\/connect\/ca/],
    [
      "a folder that a placeholder leads out of",
      "database.sslrootcert",
      "/etc/connect/ca/${topic}",
      /under \/etc\/connect\/ca/,
    ],
    [
      "driver code beside the host",
      "connection.url",
      "jdbc:mysql://(host=h,port=3306,autoDeserialize=true)/d",
      /autodeserialize/,
    ],
    [
      "driver code in an address",
      "connection.url",
      "jdbc:mysql://address=(host=h)( queryInterceptors = x.Y)/d",
      /queryinterceptors/,
    ],
    [
      "driver code behind a database name",
      "connection.url",
      "jdbc:db2://h:50000/d:clientRerouteServerListJNDIName=ldap://h/x;",
      /clientrerouteserverlistjndiname/,
    ],
    [
      "escaped driver code beside a broken escape",
      "connection.url",
      "jdbc:mysql://h/d?x=%zz&auto%44eserialize=true",
      /autodeserialize/,
    ],
    [
      "driver code without a value",
      "connection.url",
      "jdbc:mariadb://h/d?allowLocalInfile&x=1",
      /allowlocalinfile/,
    ],
    [
      "a password beside the host",
      "connection.url",
      "jdbc:mysql://(host=h,user=u,password=hunter2)/d",
      /password out of the URL/,
    ],
    ["a connection looked up by name", "hibernate.connection.datasource", "ldap://h/x", /driver property/],
    ["a naming service", "hibernate.jndi.url", "ldap://h/x", /driver property/],
    ["H2 in a URL", "connection.url", "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://x'", /H2/],
  ])("%s", (_case, key, value, message) => {
    const findings = policyFindings({ [key]: value }, policy);

    expect(findings).toMatchObject([{ path: key, severity: "error", source: "policy" }]);
    expect(findings[0]?.message).toMatch(message);
    expect(findings[0]?.message).not.toContain("hunter2");
  });

  test("a literal in a key the plugin types as PASSWORD", () => {
    expect(policyFindings({ "some.setting": "abc" }, policy, new Set(["some.setting"]))).toHaveLength(1);
  });

  test("everything at once, each at its key", () => {
    expect(() =>
      requirePolicy({ "database.password": "x", "sasl.jaas.config": "y", "topic.prefix": "shop" }, policy),
    ).toThrow(
      expect.objectContaining({
        code: "invalid",
        problems: [
          expect.objectContaining({ path: "database.password" }),
          expect.objectContaining({ path: "sasl.jaas.config" }),
        ],
      }),
    );
  });
});

test.each([
  ["a reference", "database.password", "${vault:secret/connectors/shop:password}"],
  ["a pinned reference", "database.password", "${vault:secret/connectors/shop?version=3:password}"],
  ["a user by reference", "database.user", "${vault:secret/connectors/shop:username}"],
  [
    "a host by reference within a URL",
    "connection.url",
    "jdbc:postgresql://${vault:secret/connectors/w:host}:5432/w",
  ],
  [
    "a password by reference beside the host",
    "connection.url",
    "jdbc:mysql://(host=h,password=${vault:secret/connectors/w:password})/d",
  ],
  ["a database named like a parameter", "connection.url", "jdbc:postgresql://h/init"],
  ["a certificate by reference", "database.sslcert", "${vault:secret/connectors/shop:cert}"],
  ["a placeholder without a provider", "collection.name.format", "${source.schema}.${source.table}"],
  ["an allowed override", "consumer.override.max.poll.records", "3000"],
  ["a file in an allowed folder", "database.sslrootcert", "/etc/connect/ca/shop.pem"],
  ["a field path", "transforms.x.field.path", "after.id"],
  ["a token's address", "sasl.oauthbearer.token.endpoint.url", "https://id.example.com/token"],
  ["key columns", "message.key.columns", "public.orders:id"],
  ["an empty password", "ssl.key.password", ""],
  [
    "a plain JDBC URL",
    "connection.url",
    "jdbc:postgresql://db:5432/w?sslmode=verify-full&reWriteBatchedInserts=true",
  ],
])("%s passes", (_case, key, value) => {
  expect(policyFindings({ [key]: value }, policy)).toEqual([]);
});
