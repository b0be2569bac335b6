import { createServer } from "node:net";
import { expect, test } from "vitest";
import {
  defaultPortBase,
  derivePorts,
  describeTakenPorts,
  findTakenPorts,
  listeningInode,
  parsePortOverride,
} from "./ports.ts";

test("one number moves every port of the lab", () => {
  const ports = derivePorts(20_000);

  expect(ports).toMatchObject({ headgate: 20_000, kafka: 20_010, connect: 20_020, vault: 20_040 });
  expect(derivePorts(defaultPortBase).kafka).toBe(17_410);
});

test("a single port can be another one", () => {
  expect(derivePorts(20_000, { kafka: 9_092 })).toMatchObject({ kafka: 9_092, connect: 20_020 });
});

test.each([
  ["two engines on one port", 20_000, { kafka: 20_020 }, /20020 is given to both kafka and connect/],
  ["a privileged port", 80, {}, /80 for headgate is not between/],
  ["a base so high that ports do not fit", 65_530, {}, /is not between/],
  ["half a port", 20_000, { kafka: 9_092.5 }, /is not between/],
] as const)("%s is refused", (_case, base, overrides, message) => {
  expect(() => derivePorts(base, overrides)).toThrow(message);
});

test("overrides are read as NAME=PORT", () => {
  expect(parsePortOverride("kafka=9092")).toEqual({ kafka: 9_092 });
});

test.each(["kafka", "kafka=", "kafka=9092=1", "nothing=9092", "kafka=-1", "=9092"])(
  "the override %j is refused",
  (text) => {
    expect(() => parsePortOverride(text)).toThrow(/is not NAME=PORT/);
  },
);

test("a taken port is found, with the process that holds it, and others are not", async () => {
  const holder = createServer();
  const port = await new Promise<number>((done) => {
    holder.listen(0, "127.0.0.1", () => {
      const address = holder.address();
      done(address !== null && typeof address === "object" ? address.port : 0);
    });
  });

  const taken = await findTakenPorts(derivePorts(20_000, { kafka: port }), ["kafka"]);
  await new Promise((done) => holder.close(done));
  const later = await findTakenPorts(derivePorts(20_000, { kafka: port }), ["kafka"]);

  expect(taken).toMatchObject([{ name: "kafka", port }]);
  expect(taken[0]?.owner).toContain(`pid ${process.pid}`);
  expect(later).toEqual([]);
});

test("the message about taken ports names port, engine, owner and the way out", () => {
  const message = describeTakenPorts([{ name: "kafka", port: 17_410, owner: "java (pid 7)" }]);

  expect(message).toContain("port 17410 (kafka) is already taken by java (pid 7)");
  expect(message).toContain("--port-base");
});

test("only the line of a listening socket names the inode", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:4402 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 111 1",
    "   1: 0100007F:4402 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1",
  ].join("\n");

  expect(listeningInode(table, 0x4402)).toBe("222");
  expect(listeningInode(table, 0x4403)).toBeUndefined();
});
