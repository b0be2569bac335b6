const MOST_GUESSES = 300;

interface Cell {
  low: bigint;
  high: bigint;
  rows: number;
}

/**
 * Keys that cut `[min, max]` into parts with about as many rows each. `guess` tells what the index dive of the optimizer
 * thinks of a range: cheap, and right within a factor. Crowded cells are halved until none holds more than its part.
 */
export async function cutLikeParts(
  { min, max }: { min: bigint; max: bigint },
  count: number,
  guess: (low: bigint, high: bigint) => Promise<number>,
): Promise<bigint[]> {
  let guesses = 0;
  const look = async (low: bigint, high: bigint): Promise<Cell> => {
    guesses += 1;
    return { low, high, rows: await guess(low, high) };
  };
  const ends = Array.from(
    { length: count + 1 },
    (_end, index) => min + ((max + 1n - min) * BigInt(index)) / BigInt(count),
  );
  const cells: Cell[] = [];
  for (const [index, low] of ends.slice(0, -1).entries()) {
    const high = ends[index + 1] ?? max + 1n;
    if (high > low) cells.push(await look(low, high));
  }
  const total = cells.reduce((sum, { rows }) => sum + rows, 0);
  const share = total / count;
  for (let at = 0; at < cells.length && guesses < MOST_GUESSES; ) {
    const cell = cells[at];
    // Twice the share is within what a guess is worth.
    if (!cell || cell.rows <= 2 * share || cell.high - cell.low < 2n) {
      at += 1;
      continue;
    }
    const middle = (cell.low + cell.high) / 2n;
    cells.splice(at, 1, await look(cell.low, middle), await look(middle, cell.high));
  }
  return marksOf(cells, count);
}

/** Where the running sum passes each part; within a cell rows are taken to lie evenly. */
function marksOf(cells: readonly Cell[], count: number): bigint[] {
  const total = cells.reduce((sum, { rows }) => sum + rows, 0);
  const marks: bigint[] = [];
  let passed = 0;
  for (const { low, high, rows } of cells) {
    while (marks.length < count - 1) {
      const wanted = (total * (marks.length + 1)) / count;
      if (rows === 0 || passed + rows < wanted) break;
      const part = Math.round(((wanted - passed) / rows) * 1_000_000);
      marks.push(low + ((high - low) * BigInt(part)) / 1_000_000n);
    }
    passed += rows;
  }
  return [...new Set(marks)];
}
