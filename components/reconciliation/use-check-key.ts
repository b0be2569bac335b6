import { useShortcut } from "#components/shell/shortcuts.tsx";
import { usePermission } from "#components/shell/viewer.tsx";
import { toast } from "#components/ui/toast.ts";
import { useCheckNow } from "./use-check-now.ts";

/** `c` checks the table in whose line the keyboard is, in the list or in the heat map. */
export function useCheckKey(): void {
  const { reason } = usePermission("reconciliation:run");
  const { checkNow } = useCheckNow();
  useShortcut("c", {
    description: "Check the table now",
    group: "Reconciliation",
    disabled: reason !== undefined,
    run: () => {
      const id = focusedTable();
      if (id !== undefined) checkNow([id]);
      else
        toast.info("No table has the keyboard", {
          description: "j and k walk the list, the arrow keys the heat map.",
        });
    },
  });
}

/** Its lines name their table by the link in them. */
function focusedTable(): number | undefined {
  const line = document.activeElement?.closest("tr, [role=row]");
  const link = line?.querySelector<HTMLElement>("[data-checked-table]");
  return link ? Number(link.dataset.checkedTable) : undefined;
}
