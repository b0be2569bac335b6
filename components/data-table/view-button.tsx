"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { ViewMenuProps } from "./view-menu.tsx";
import { ViewTrigger } from "./view-trigger.tsx";

const loadPopover = () => import("./view-popover.tsx").then((module) => module.ViewPopover);
const ViewPopover = dynamic(loadPopover, { ssr: false, loading: () => <ViewTrigger /> });

/** The button alone; columns, density and export come with the first sign of interest. */
export function ViewButton(props: ViewMenuProps) {
  const [isOpened, setOpened] = useState(false);
  if (isOpened) return <ViewPopover {...props} />;
  return (
    <ViewTrigger
      aria-expanded={false}
      onPointerEnter={() => void loadPopover()}
      onFocus={() => void loadPopover()}
      onClick={() => setOpened(true)}
    />
  );
}
