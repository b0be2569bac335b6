/** A part of the rows nobody touched: number `index` of `of` equal parts. */
export interface ColdSlice {
  index: number;
  of: number;
}

/** The slice whose turn it is, whatever `slices` was when the counter was last moved. */
export function sliceAt(next: number, slices: number): ColdSlice {
  return { index: ((next % slices) + slices) % slices, of: slices };
}

/** Only a slice that was checked moves the counter on: a failed run's part comes again. */
export function nextSlice({ index, of }: ColdSlice): number {
  return (index + 1) % of;
}
