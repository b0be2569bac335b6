/** What an act was about, most telling part last: `lab / shop-source`. */
export function subjectText(subject: Record<string, string>): string {
  return Object.values(subject).join(" / ");
}
