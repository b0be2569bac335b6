import type { PublicationFacts, ReadinessFinding, SourceFacts, TableFacts } from "./readiness-facts.ts";
import { quoteName, quoteTable } from "./sql-quoting.ts";

export function judgePublication(
  name: string,
  found: PublicationFacts | null,
  facts: SourceFacts,
): ReadinessFinding[] {
  const about = { check: "publication", subject: name } as const;
  const wanted = facts.tables.filter((table) => table.exists);
  const tableList = wanted.map((table) => quoteTable(table.name)).join(", ");
  const make = `CREATE PUBLICATION ${quoteName(name)} FOR TABLE ${tableList || "…"};`;
  if (!found) {
    const role = facts.connectorRole;
    if (!role?.exists) {
      return [
        {
          ...about,
          state: "unknown",
          sentence: `There is no publication ${name}; whether the connectors' role may create it is not known`,
          fix: make,
        },
      ];
    }
    const mayCreate =
      role.superuser || (role.mayCreateInDatabase && wanted.every((table) => table.connectorOwns === true));
    return mayCreate
      ? [
          {
            ...about,
            state: "ok",
            sentence: `There is no publication ${name} yet; the connector may create it`,
          },
        ]
      : [
          {
            ...about,
            state: "blocker",
            sentence: `There is no publication ${name}, and ${role.name} may not create it: that needs CREATE on the database and ownership of every table`,
            fix: `${make}\n-- and publication.autocreate.mode=disabled in the connector`,
          },
        ];
  }
  const findings: ReadinessFinding[] = [];
  const missing = found.allTables ? [] : wanted.filter((table) => !found.tables.includes(table.name));
  if (missing.length > 0) {
    const names = missing.map((table) => table.name);
    findings.push({
      ...about,
      state: "blocker",
      sentence: `The publication ${name} does not hold ${some(names)}: their changes would never arrive`,
      fix: `ALTER PUBLICATION ${quoteName(name)} ADD TABLE ${names.map(quoteTable).join(", ")};`,
    });
  }
  if (!found.publishesAll) {
    findings.push({
      ...about,
      state: "blocker",
      sentence: `The publication ${name} leaves out some kinds of changes`,
      fix: `ALTER PUBLICATION ${quoteName(name)} SET (publish = 'insert, update, delete, truncate');`,
    });
  }
  if (!found.viaRoot && wanted.some((table) => table.kind === "p")) {
    findings.push({
      ...about,
      state: "warning",
      sentence: `Changes of partitioned tables arrive under the names of their partitions in ${name}`,
      fix: `ALTER PUBLICATION ${quoteName(name)} SET (publish_via_partition_root = true);`,
    });
  }
  if (findings.length === 0) {
    findings.push(
      found.ownedByConnector === false
        ? {
            ...about,
            state: "ok",
            sentence: `The publication ${name} holds the tables; the connector does not own it, so set publication.autocreate.mode=disabled`,
          }
        : { ...about, state: "ok", sentence: `The publication ${name} holds the tables` },
    );
  }
  return findings;
}

export function judgeTable(table: TableFacts, { connectorRole, version }: SourceFacts): ReadinessFinding[] {
  const subject = table.name;
  const name = quoteTable(subject);
  if (!table.exists) {
    return [
      {
        check: "table",
        subject,
        state: "blocker",
        sentence: `There is no table ${subject}, or Headgate's role cannot see it`,
      },
    ];
  }
  if (table.kind !== "r" && table.kind !== "p") {
    return [
      {
        check: "table",
        subject,
        state: "blocker",
        sentence: `${subject} is not a table; only tables have changes to capture`,
      },
    ];
  }
  if (table.unlogged) {
    return [
      {
        check: "table",
        subject,
        state: "blocker",
        sentence: `${subject} is unlogged: its changes are not in the log`,
        fix: `ALTER TABLE ${name} SET LOGGED;`,
      },
    ];
  }
  const findings: ReadinessFinding[] = [judgeKey(table, name), ...judgeIdentity(table, name)];
  if (connectorRole?.exists && table.connectorMaySelect === false) {
    const schema = subject.slice(0, subject.indexOf("."));
    findings.push({
      check: "select_privilege",
      subject,
      state: "blocker",
      sentence: `${connectorRole.name} may not read ${subject}, so its snapshot would fail`,
      fix: `GRANT USAGE ON SCHEMA ${quoteName(schema)} TO ${quoteName(connectorRole.name)};\nGRANT SELECT ON ${name} TO ${quoteName(connectorRole.name)};`,
    });
  }
  if (table.generatedColumns.length > 0 && version < 180_000) {
    findings.push({
      check: "generated_columns",
      subject,
      state: "warning",
      sentence: `Generated columns of ${subject} are in the snapshot but not in changes before PostgreSQL 18: ${some(table.generatedColumns)}`,
    });
  }
  return findings;
}

function judgeKey(table: TableFacts, name: string): ReadinessFinding {
  if (table.primaryKey.length > 0) {
    return {
      check: "primary_key",
      subject: table.name,
      state: "ok",
      sentence: `${table.name} has the key ${table.primaryKey.join(", ")}`,
    };
  }
  return {
    check: "primary_key",
    subject: table.name,
    state: "warning",
    sentence: `${table.name} has no primary key: its records carry no key, and a target cannot upsert them unless message.key.columns names one`,
    fix: `ALTER TABLE ${name} ADD PRIMARY KEY (…);`,
  };
}

function judgeIdentity(table: TableFacts, name: string): ReadinessFinding[] {
  const { name: subject, replicaIdentity, primaryKey, outOfLineColumns } = table;
  const full = `ALTER TABLE ${name} REPLICA IDENTITY FULL;`;
  if (replicaIdentity === "n" || (replicaIdentity === "d" && primaryKey.length === 0)) {
    return [
      {
        check: "replica_identity",
        subject,
        state: "blocker",
        sentence: `${subject} has no replica identity: once it is published, PostgreSQL refuses every UPDATE and DELETE on it`,
        fix: full,
      },
    ];
  }
  const findings: ReadinessFinding[] = [
    {
      check: "replica_identity",
      subject,
      state: "ok",
      sentence:
        replicaIdentity === "f"
          ? `${subject} logs whole old rows`
          : `${subject} logs the ${replicaIdentity === "i" ? "index" : "key"} columns of old rows`,
    },
  ];
  if (replicaIdentity !== "f" && outOfLineColumns.length > 0) {
    findings.push({
      check: "large_values",
      subject,
      state: "warning",
      sentence: `Large values of ${some(outOfLineColumns)} are left out of an update that does not change them; without REPLICA IDENTITY FULL the record holds a placeholder there`,
      fix: full,
    });
  }
  return findings;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
