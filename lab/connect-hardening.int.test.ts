import { expect, test } from "vitest";
import { z } from "zod";
import { readEndpoints } from "./endpoints.ts";

const { connect, kafka } = readEndpoints(process.env.HEADGATE_LAB_DIR ?? ".headgate/test");

const Verdict = z.object({
  error_count: z.number(),
  configs: z.array(z.object({ value: z.object({ name: z.string(), errors: z.array(z.string()) }) })),
});

const heartbeat = {
  "connector.class": "org.apache.kafka.connect.mirror.MirrorHeartbeatConnector",
  name: "lab-hardening",
  "source.cluster.alias": "lab",
};

test("the worker has Debezium, the JDBC sink, Avro and Headgate's own plugin", async () => {
  const reply = await fetch(`${connect.url}/connector-plugins?connectorsOnly=false`);
  const classes = z
    .array(z.object({ class: z.string() }))
    .parse(await reply.json())
    .map((plugin) => plugin.class);

  expect(classes).toEqual(
    expect.arrayContaining([
      "io.debezium.connector.postgresql.PostgresConnector",
      "io.debezium.connector.jdbc.JdbcSinkConnector",
      "io.apicurio.registry.utils.converter.AvroConverter",
      "io.headgate.connect.Quarantine",
    ]),
  );
});

test.each([
  ["a login module through an override", { "producer.override.sasl.jaas.config": "x required;" }],
  ["an override that is not on the list", { "producer.override.acks": "0" }],
  ["other brokers", { "producer.override.bootstrap.servers": kafka.brokers[0] ?? "" }],
])("the worker refuses %s", async (_what, override) => {
  expect(await errorsOf({ ...heartbeat, ...override })).toMatch(/override/i);
});

test("the worker accepts the overrides on its list", async () => {
  for (const key of connect.overrides) {
    expect(await errorsOf({ ...sink, [`consumer.override.${key}`]: "100" })).not.toMatch(/override/i);
  }
});

test("a reference outside the connectors' secrets is refused without its value", async () => {
  const config = { ...sink, "connection.username": "${vault:secret/headgate/shop:username}" };

  const text = await (await validate(config)).text();

  expect(text).toMatch(/secret\/headgate/);
  expect(text).not.toContain("shop_readonly");
});

const sink = {
  "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector",
  name: "lab-hardening-sink",
  topics: "none",
  "connection.url": "jdbc:postgresql://127.0.0.1/none",
  "connection.username": "${vault:secret/connectors/warehouse:username}",
  "connection.password": "${vault:secret/connectors/warehouse:password}",
};

function validate(config: Record<string, string>): Promise<Response> {
  const plugin = config["connector.class"]?.split(".").at(-1);
  return fetch(`${connect.url}/connector-plugins/${plugin}/config/validate`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(config),
  });
}

async function errorsOf(config: Record<string, string>): Promise<string> {
  const reply = await validate(config);
  expect(reply.status).toBe(200);
  const { configs } = Verdict.parse(await reply.json());
  return configs.flatMap(({ value }) => value.errors.map((error) => `${value.name}: ${error}`)).join("\n");
}
