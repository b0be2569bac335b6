/** More than this, and their number is typed. */
const TYPED_FROM = 100;

/** The friction of an act that can be taken back: how many things it touches decides. */
export function confirmLevel(count: number): 1 | 2 {
  return count > TYPED_FROM ? 2 : 1;
}
