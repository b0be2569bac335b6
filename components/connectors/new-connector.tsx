"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The draft lives in this tab's storage, which the server does not have. */
export const NewConnector = dynamic(() => import("./guide/guide.tsx").then((module) => module.Guide), {
  ssr: false,
  loading: () => <Skeleton className="mt-3 w-1/2" label="Loading the guide" />,
});
