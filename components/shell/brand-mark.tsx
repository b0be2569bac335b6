/** The gate in its frame, half raised over the water. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <path
        d="M5 3v18M19 3v18M3.5 4h17"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <rect x="7.5" y="6.5" width="9" height="7" rx="1" className="fill-primary" />
      <path
        d="M7.5 17.2c1.1 0 1.1.8 2.25.8s1.1-.8 2.25-.8 1.1.8 2.25.8 1.1-.8 2.25-.8M7.5 20.2c1.1 0 1.1.8 2.25.8s1.1-.8 2.25-.8 1.1.8 2.25.8 1.1-.8 2.25-.8"
        fill="none"
        className="stroke-primary"
        strokeWidth="1.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
