export interface ProblemWords {
  title: string;
  next: string;
}

/** The words for a `problem` in the address; undefined for none, and for words nobody of ours put there. */
export function signInProblemWords(
  problem: string | undefined,
  providerName: string,
): ProblemWords | undefined {
  switch (problem) {
    case "provider_down":
      return {
        title: "The identity provider did not answer.",
        next: "It answers again now. Try once more.",
      };
    case "provider_refused":
      return {
        title: `${providerName} refused the sign-in.`,
        next: "Its administrator can see why. Headgate's log has the code it gave.",
      };
    case "denied":
      return { title: "The sign-in was cancelled.", next: "You can start again whenever you like." };
    case "failed":
      return {
        title: "The sign-in could not be completed.",
        next: "It may have taken longer than 15 minutes, or have been started in another window. Start again here.",
      };
    case "database_down":
      return {
        title: "Headgate's own database does not answer.",
        next: "Nothing is wrong with your account. Try again in a moment.",
      };
    case "too_many":
      return { title: "Too many attempts from this address.", next: "Wait a minute, then try again." };
    default:
      return undefined;
  }
}
