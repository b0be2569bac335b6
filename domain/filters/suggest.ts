import { type FilterGrammar, splitFilter } from "./grammar.ts";

export interface FilterSuggestion {
  /** What is shown: `state:` or `state:failed`. */
  text: string;
  label: string;
  /** The whole input with this suggestion taken, and where the caret belongs then. */
  input: string;
  caret: number;
}

const AMOUNT_EXAMPLES = { number: [">0", ">1000"], age: [">1h", "<5m"] } as const;

/** What could stand where the caret is: keys first, then the values of the key being written. */
export function suggestFilters(input: string, caret: number, grammar: FilterGrammar): FilterSuggestion[] {
  const part = splitFilter(input).find(({ start, end }) => start <= caret && caret <= end);
  const start = part?.start ?? caret;
  const end = part?.end ?? caret;
  const written = input.slice(start, caret);
  const sign = written.startsWith("-") ? "-" : "";
  const [key = "", value] = written.slice(sign.length).split(":", 2);
  const take = (text: string, label: string, finished: boolean): FilterSuggestion => {
    const space = finished && !input.slice(end).startsWith(" ") ? " " : "";
    const head = `${input.slice(0, start)}${text}${space}`;
    return {
      text,
      label,
      input: head + input.slice(end),
      caret: head.length + (finished && space === "" ? 1 : 0),
    };
  };
  if (value === undefined)
    return grammar.fields
      .filter((field) => field.key.startsWith(key.toLowerCase()))
      .map((field) => take(`${sign}${field.key}:`, field.label, false));
  const field = grammar.fields.find((candidate) => candidate.key === key.toLowerCase());
  if (!field || field.kind === "text") return [];
  const values = field.kind === "choice" ? (field.values ?? []) : AMOUNT_EXAMPLES[field.kind];
  return values
    .filter((candidate) => candidate.toLowerCase().startsWith(value.toLowerCase()))
    .map((candidate) => take(`${sign}${field.key}:${candidate}`, field.label, true));
}
