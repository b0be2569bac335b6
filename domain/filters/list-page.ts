/** What every list procedure answers. */
export interface ListPage<Row> {
  rows: Row[];
  /** How many match the filter, whatever the page. */
  total: number;
}
