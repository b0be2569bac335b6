"use client";

import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { ViewMenu, type ViewMenuProps } from "./view-menu.tsx";
import { ViewTrigger } from "./view-trigger.tsx";

export function ViewPopover(props: ViewMenuProps) {
  return (
    <Popover defaultOpen>
      <PopoverTrigger asChild>
        <ViewTrigger />
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="View of the list">
        <ViewMenu {...props} />
      </PopoverContent>
    </Popover>
  );
}
