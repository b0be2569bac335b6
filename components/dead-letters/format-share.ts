const PERCENT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });

/** 0.001 → "0.1 %"; what is not nothing never shows as 0 %. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.01 ? "< 0.01 %" : `${PERCENT.format(percent)} %`;
}
