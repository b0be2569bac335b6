"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "./skeleton.tsx";

/** Two texts line by line; the library comes with the first use. */
export const TextDiff = dynamic(
  () => import("./text-diff-lines.tsx").then((module) => module.TextDiffLines),
  {
    loading: () => <Skeleton className="h-24 w-full" label="Comparing" />,
  },
);
