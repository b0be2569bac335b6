import type { Page } from "@playwright/test";

/** The number under one heading in the row that names a thing, as the page shows it; undefined while it shows none. */
export function numberInTable(page: Page, row: string, heading: string): Promise<number | undefined> {
  return page.evaluate(
    ([wantedRow, wantedHeading]) => {
      for (const table of document.querySelectorAll("table")) {
        const headings = [...table.querySelectorAll("thead th")].map(
          (cell) => cell.textContent?.trim() ?? "",
        );
        const column = headings.indexOf(wantedHeading);
        if (column < 0) continue;
        for (const line of table.querySelectorAll("tbody tr")) {
          const cells = [...line.querySelectorAll("td")];
          if (!cells.some((cell) => cell.textContent?.trim() === wantedRow)) continue;
          const digits = cells[column]?.textContent?.replace(/[^\d]/g, "") ?? "";
          if (digits !== "") return Number(digits);
        }
      }
      return undefined;
    },
    [row, heading] as const,
  );
}
