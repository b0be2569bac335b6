import type { ReadinessFinding, ReadinessState, SlotFacts, SourceFacts } from "./readiness-facts.ts";
import { judgePublication, judgeTable } from "./readiness-tables.ts";
import { quoteName, quoteText } from "./sql-quoting.ts";

/** Everything a PostgreSQL connector needs from its source, judged from what was found there. */
export function judgeReadiness(facts: SourceFacts): ReadinessFinding[] {
  return [
    ...judgeServer(facts),
    ...judgeConnectorRole(facts),
    ...judgeCapacity(facts),
    ...(facts.slot ? [judgeSlot(facts.slot.name, facts.slot.found, facts)] : []),
    ...(facts.publication ? judgePublication(facts.publication.name, facts.publication.found, facts) : []),
    ...facts.tables.flatMap((table) => judgeTable(table, facts)),
  ];
}

export function readinessState(findings: readonly ReadinessFinding[]): ReadinessState {
  const worst = (["blocker", "unknown", "warning"] as const).find((state) =>
    findings.some((finding) => finding.state === state),
  );
  return worst ?? "ok";
}

function judgeServer({ version, walLevel, isStandby }: SourceFacts): ReadinessFinding[] {
  const findings: ReadinessFinding[] = [];
  const major = Math.floor(version / 10_000);
  findings.push(
    major >= 10
      ? {
          check: "server_version",
          state: "ok",
          sentence: `PostgreSQL ${major} has the decoding plugin pgoutput`,
        }
      : {
          check: "server_version",
          state: "blocker",
          sentence: `PostgreSQL ${major} has no pgoutput, which connectors read with; 10 is the first that has`,
        },
  );
  findings.push(
    walLevel === "logical"
      ? { check: "wal_level", state: "ok", sentence: "wal_level is logical" }
      : {
          check: "wal_level",
          state: "blocker",
          sentence: `wal_level is ${walLevel}, so changes cannot be decoded; the server has to be restarted after the change`,
          fix: "ALTER SYSTEM SET wal_level = 'logical';\n-- then restart PostgreSQL (on Amazon RDS: rds.logical_replication = 1 in the parameter group)",
        },
  );
  if (isStandby) {
    findings.push(
      major >= 16
        ? {
            check: "standby",
            state: "warning",
            sentence:
              "The server is a standby: slots work here, but publications are made on the primary, and hot_standby_feedback must be on",
            fix: "ALTER SYSTEM SET hot_standby_feedback = on;\nSELECT pg_reload_conf();",
          }
        : {
            check: "standby",
            state: "blocker",
            sentence: `The server is a standby, and PostgreSQL ${major} decodes changes on the primary only; register the primary`,
          },
    );
  }
  return findings;
}

function judgeConnectorRole({
  connectorRole,
  hasManagedReplication,
  database,
}: SourceFacts): ReadinessFinding[] {
  if (!connectorRole) {
    return [
      {
        check: "connector_role",
        state: "unknown",
        sentence:
          "Which role the connectors log in with is not known (Headgate never reads their credential), so its rights cannot be looked up; name the role in the registration",
      },
    ];
  }
  const { name } = connectorRole;
  const role = quoteName(name);
  if (!connectorRole.exists) {
    return [
      {
        check: "connector_role",
        subject: name,
        state: "blocker",
        sentence: `The role ${name} does not exist`,
        fix: `CREATE ROLE ${role} LOGIN REPLICATION;\n-- then set its password with \\password, and put it into Vault`,
      },
    ];
  }
  const findings: ReadinessFinding[] = [];
  const mayReplicate =
    connectorRole.superuser || connectorRole.replication || connectorRole.managedReplication;
  if (!connectorRole.canLogin) {
    findings.push({
      check: "connector_role",
      subject: name,
      state: "blocker",
      sentence: `The role ${name} may not log in`,
      fix: `ALTER ROLE ${role} LOGIN;`,
    });
  } else if (mayReplicate) {
    findings.push({
      check: "connector_role",
      subject: name,
      state: connectorRole.superuser ? "warning" : "ok",
      sentence: connectorRole.superuser
        ? `The role ${name} is a superuser; a connector needs LOGIN and REPLICATION only`
        : `The role ${name} may replicate`,
    });
  } else {
    findings.push({
      check: "connector_role",
      subject: name,
      state: "blocker",
      sentence: `The role ${name} may not replicate`,
      fix: hasManagedReplication ? `GRANT rds_replication TO ${role};` : `ALTER ROLE ${role} REPLICATION;`,
    });
  }
  if (!connectorRole.mayConnect) {
    findings.push({
      check: "connect_privilege",
      subject: name,
      state: "blocker",
      sentence: `The role ${name} may not connect to ${database}`,
      fix: `GRANT CONNECT ON DATABASE ${quoteName(database)} TO ${role};`,
    });
  }
  return findings;
}

function judgeCapacity({ slots, senders, maxSlotWalKeepSizeMb, slot }: SourceFacts): ReadinessFinding[] {
  const findings: ReadinessFinding[] = [];
  const needsNone = slot?.found != null;
  findings.push(
    judgeFree("free_slots", "replication slots", "max_replication_slots", slots, needsNone),
    judgeFree("free_senders", "WAL senders", "max_wal_senders", senders, false),
  );
  if (maxSlotWalKeepSizeMb === undefined) return findings;
  findings.push(
    maxSlotWalKeepSizeMb === -1
      ? {
          check: "wal_keep_size",
          state: "warning",
          sentence:
            "max_slot_wal_keep_size has no limit: while a connector stands still, its slot can fill the source's disk",
          fix: "ALTER SYSTEM SET max_slot_wal_keep_size = '20GB';\nSELECT pg_reload_conf();",
        }
      : {
          check: "wal_keep_size",
          state: "ok",
          sentence: `A slot may hold back ${megabytes(maxSlotWalKeepSizeMb)} of log; a connector that stands still for longer than that lasts has to start with a new snapshot`,
        },
  );
  return findings;
}

function judgeFree(
  check: "free_slots" | "free_senders",
  what: string,
  setting: string,
  { max, used }: { max: number; used: number },
  needsNone: boolean,
): ReadinessFinding {
  const free = Math.max(0, max - used);
  if (free > 0 || needsNone) {
    return { check, state: "ok", sentence: `${free} of ${max} ${what} are free` };
  }
  return {
    check,
    state: "blocker",
    sentence: `All ${max} ${what} are taken; a change of ${setting} needs a restart of the server`,
    fix: `ALTER SYSTEM SET ${setting} = ${max + 10};\n-- then restart PostgreSQL, or drop what nobody uses: SELECT slot_name, active FROM pg_replication_slots;`,
  };
}

function judgeSlot(name: string, found: SlotFacts | null, { database }: SourceFacts): ReadinessFinding {
  const about = { check: "slot", subject: name } as const;
  const drop = `SELECT pg_drop_replication_slot(${quoteText(name)});`;
  if (!found)
    return { ...about, state: "ok", sentence: `The slot name ${name} is free; the connector makes the slot` };
  if (found.slotType !== "logical" || found.plugin !== "pgoutput") {
    return {
      ...about,
      state: "blocker",
      sentence: `A slot ${name} exists, but it is of another kind (${found.slotType}${found.plugin ? `, ${found.plugin}` : ""}); choose another name`,
    };
  }
  if (found.database !== database) {
    return {
      ...about,
      state: "blocker",
      sentence: `The slot ${name} belongs to the database ${found.database ?? "of nobody"}; choose another name`,
    };
  }
  if (found.active) {
    return {
      ...about,
      state: "blocker",
      sentence: `The slot ${name} is in use by another reader; each connector needs a slot of its own`,
    };
  }
  if (found.walStatus === "lost") {
    return {
      ...about,
      state: "blocker",
      sentence: `The slot ${name} has lost log it needs (max_slot_wal_keep_size was exceeded); drop it, and start with a snapshot`,
      fix: drop,
    };
  }
  return {
    ...about,
    state: "warning",
    sentence: `The slot ${name} is left from an earlier connector and holds back log since then; a connector of this name continues from there`,
    fix: `-- only if nobody needs it any more:\n${drop}`,
  };
}

function megabytes(value: number): string {
  return value >= 1024 ? `${Math.round(value / 102.4) / 10} GB` : `${value} MB`;
}
