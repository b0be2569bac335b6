"use client";

import { usePathname } from "next/navigation";
import { useQueryStates } from "nuqs";
import { listParsers } from "#components/data-table/list-params.ts";
import { Select } from "#components/ui/select.tsx";
import { isScoped } from "./navigation.ts";

/** Which cluster the lists show; kept in the URL like everything else about a list. */
export function ClusterScope({ clusters }: { clusters: readonly string[] }) {
  const pathname = usePathname();
  const [{ cluster }, setParams] = useQueryStates({
    cluster: listParsers.cluster,
    page: listParsers.page,
  });
  if (clusters.length < 2 || !isScoped(pathname)) return null;
  return (
    <Select
      aria-label="Cluster"
      className="w-36 max-sm:w-24"
      value={clusters.includes(cluster) ? cluster : ""}
      onChange={(event) => void setParams({ cluster: event.target.value || null, page: null })}
    >
      <option value="">All clusters</option>
      {clusters.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
