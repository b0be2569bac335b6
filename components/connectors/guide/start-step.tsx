"use client";

import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import Link from "next/link";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { GuideCluster } from "../connector-outputs.ts";
import type { StepProps } from "./guide.tsx";
import { type GuideKind, withIdentity } from "./guide-draft.ts";

const KINDS: readonly { value: GuideKind; label: string; help: string }[] = [
  {
    value: "source",
    label: "PostgreSQL source",
    help: "Debezium reads the log of a database and writes every change to topics.",
  },
  {
    value: "sink",
    label: "JDBC sink",
    help: "Debezium writes topics into the tables of a PostgreSQL database.",
  },
  {
    value: "import",
    label: "Import JSON",
    help: "A configuration you have already, of any installed plugin.",
  },
];

export function StartStep({
  state,
  change,
  problems,
  clusters,
}: StepProps & { clusters: readonly GuideCluster[] }) {
  return (
    <>
      <RadioGroup
        label="What should it do?"
        options={KINDS}
        value={state.kind}
        onValueChange={(kind) =>
          change({ ...state, kind, databaseId: kind === state.kind ? state.databaseId : undefined })
        }
      />
      {clusters.length > 1 && (
        <Field label="Cluster" id="answer-cluster">
          {(control) => (
            <Select
              {...control}
              value={state.cluster}
              onChange={(event) => change({ ...state, cluster: event.target.value, databaseId: undefined })}
            >
              {clusters.map((cluster) => (
                <option key={cluster.name}>{cluster.name}</option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field
        label="Name"
        id="answer-name"
        error={problems.name}
        help={
          state.kind === "sink"
            ? "Unique in the cluster, for example warehouse-sink."
            : "Unique in the cluster, for example shop-source."
        }
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-md font-mono"
            value={state.name}
            onChange={(event) => change(withIdentity(state, { name: event.target.value }))}
          />
        )}
      </Field>
      {state.kind !== "import" && (
        <ChooseDatabase state={state} change={change} problem={problems.database} />
      )}
    </>
  );
}

function ChooseDatabase({
  state,
  change,
  problem,
}: Pick<StepProps, "state" | "change"> & { problem: string | undefined }) {
  const trpc = useTRPC();
  const role = state.kind === "source" ? "source" : "target";
  const query = useQuery(
    trpc.databases.list.queryOptions({
      filter: `cluster:${state.cluster} role:${role} role:both`,
      sort: "name",
      page: 1,
      pageSize: 500,
    }),
  );
  const register = (
    <Button asChild>
      <Link href={`/databases/new?role=${role}` as Route}>Register a database</Link>
    </Button>
  );
  return (
    <QueryState query={query} what="the registered databases">
      {({ rows }) =>
        rows.length === 0 ? (
          <StateMessage
            kind="empty"
            className="py-6"
            title={`No ${role} database is registered for ${state.cluster}`}
            action={register}
          >
            Registering names its address and where its credentials are in Vault.
          </StateMessage>
        ) : (
          <div id="answer-database" tabIndex={-1} className="flex flex-col gap-2">
            <RadioGroup
              label={state.kind === "source" ? "Read from" : "Write to"}
              value={state.databaseId}
              onValueChange={(databaseId) => {
                const row = rows.find((each) => each.id === databaseId);
                change(withIdentity(state, { databaseId, databaseName: row?.databaseName ?? "" }));
              }}
              options={rows.map((row) => ({
                value: row.id,
                label: <span className="font-mono">{row.name}</span>,
                help: `${row.databaseName} on ${row.host}:${row.port}, TLS ${row.tlsMode}${row.lastTest ? (row.lastTest.ok ? ", last test passed" : ", last test failed") : ""}`,
              }))}
            />
            {problem && <p className="text-failed text-meta">{problem}</p>}
            <div>{register}</div>
          </div>
        )
      }
    </QueryState>
  );
}
