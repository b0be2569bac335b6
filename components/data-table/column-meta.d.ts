import "@tanstack/react-table";

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData, TValue> {
    align: "left" | "right";
    /** Only here to bind the parameters the library declares. */
    readonly of?: (row: TData) => TValue;
  }
}
