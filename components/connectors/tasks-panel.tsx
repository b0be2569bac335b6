"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { toast } from "#components/ui/toast.ts";
import type { Health } from "#domain/connectors/health.ts";
import type { ConnectorTask, ConnectorView } from "./connector-outputs.ts";
import { HealthBadge } from "./health-badge.tsx";
import { TracePanel } from "./trace-panel.tsx";

export function TasksPanel({ connector }: { connector: ConnectorView }) {
  const { tasks, trace, health } = connector;
  const failed = tasks.filter((task) => task.trace !== undefined);
  return (
    <>
      {trace && (
        <Section title="Why the connector failed">
          <TracePanel trace={trace} label="stack trace of the connector" />
        </Section>
      )}
      {failed.map((task) => (
        <Section
          key={task.id}
          title={`Why task ${task.id} failed`}
          actions={<RestartTask connector={connector} task={task} />}
        >
          {task.trace && <TracePanel trace={task.trace} label={`stack trace of task ${task.id}`} />}
        </Section>
      ))}
      <Section title="Tasks" flush>
        {tasks.length === 0 ? (
          <StateMessage kind="empty" title="There are no tasks" className="py-6">
            {health === "stopped"
              ? "A stopped connector has none; resume it to make them."
              : "Connect has not made them yet."}
          </StateMessage>
        ) : (
          <Table label="Tasks of the connector">
            <TableHead>
              <TableRow>
                <TableHeader>Task</TableHeader>
                <TableHeader>State</TableHeader>
                <TableHeader>Worker</TableHeader>
                <TableHeader>
                  <span className="sr-only">Actions</span>
                </TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {tasks.map((task) => (
                <TableRow key={task.id}>
                  <TableCell>{task.id}</TableCell>
                  <TableCell>
                    <HealthBadge health={TASK_HEALTH[task.state]} />
                  </TableCell>
                  <TableCell className="font-mono">{task.worker}</TableCell>
                  <TableCell className="text-right">
                    <RestartTask connector={connector} task={task} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Section>
    </>
  );
}

const TASK_HEALTH: Record<ConnectorTask["state"], Health> = {
  RUNNING: "healthy",
  FAILED: "failed",
  PAUSED: "paused",
  STOPPED: "stopped",
  UNASSIGNED: "starting",
  RESTARTING: "starting",
  DESTROYED: "unknown",
};

function RestartTask({ connector, task }: { connector: ConnectorView; task: ConnectorTask }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("connectors:operate");
  const restart = useMutation(
    trpc.connectors.restartTask.mutationOptions({
      onSuccess: () => toast.success(`Restarting task ${task.id} of ${connector.name}`),
      onError: (error) =>
        toast.error(`Task ${task.id} was not restarted`, { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.connectors.pathFilter()),
    }),
  );
  return (
    <Button
      size="sm"
      blockedBecause={reason}
      pending={restart.isPending}
      aria-label={`Restart task ${task.id}`}
      onClick={() => restart.mutate({ cluster: connector.cluster, name: connector.name, task: task.id })}
    >
      Restart
    </Button>
  );
}
