"use client";

import { SlidersHorizontal } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { ViewMenu, type ViewMenuProps } from "./view-menu.tsx";

export function ViewButton<Row>(props: ViewMenuProps<Row>) {
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button>
          <SlidersHorizontal aria-hidden />
          View
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="View of the list">
        <ViewMenu {...props} />
      </PopoverContent>
    </Popover>
  );
}
