/** Shared by tabs in a panel and tabs that are links, without the script of the first. */
export const tabListClass = "flex gap-4 overflow-x-auto border-b";
export const tabClass =
  "-mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 text-muted-foreground text-table hover:text-foreground data-[state=active]:border-primary data-[state=active]:font-medium data-[state=active]:text-foreground aria-[current=page]:border-primary aria-[current=page]:font-medium aria-[current=page]:text-foreground";
