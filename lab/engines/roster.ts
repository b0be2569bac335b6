import { setUpServer, setUpState } from "../sources/seed.ts";
import { setUpBilling } from "../sources/seed-billing.ts";
import { connectEngine } from "./connect.ts";
import type { Engine, LabContext } from "./engine.ts";
import { kafkaEngine } from "./kafka.ts";
import { mariadbEngine } from "./mariadb.ts";
import { oidcEngine } from "./oidc.ts";
import { openbaoEngine } from "./openbao.ts";
import { postgresEngine } from "./postgres.ts";
import { registryEngine } from "./registry.ts";
import { trafficEngine } from "./traffic.ts";

/** Every engine of the lab; what each needs decides the order. */
export function labEngines(ctx: LabContext, trafficRate: () => number): Engine[] {
  return [
    kafkaEngine(ctx),
    registryEngine(ctx),
    postgresEngine(ctx, "postgres-state", (adminUrl) => setUpState(ctx, adminUrl)),
    postgresEngine(ctx, "postgres-source", (adminUrl) => setUpServer(ctx, "postgres-source", adminUrl)),
    postgresEngine(ctx, "postgres-target", (adminUrl) => setUpServer(ctx, "postgres-target", adminUrl)),
    ...(ctx.mariadb ? [mariadbEngine(ctx, ctx.mariadb, (admin) => setUpBilling(ctx, admin))] : []),
    openbaoEngine(ctx),
    oidcEngine(ctx),
    connectEngine(ctx),
    trafficEngine(ctx, trafficRate),
  ];
}

/** Names in the order above, for commands that work without a running supervisor. */
export const engineNames = [
  "kafka",
  "registry",
  "postgres-state",
  "postgres-source",
  "postgres-target",
  "mariadb",
  "openbao",
  "oidc",
  "connect",
  "traffic",
] as const;
export type EngineName = (typeof engineNames)[number];
