/** The seeds' threshold: fewer than one record in a thousand may become a dead letter. */
export const RATE_THRESHOLD = 0.001;

/** `flood`: more than ten a second · `share`: more than 0.1 % of a table's records. */
export const ALERT_KINDS = ["flood", "share"] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
