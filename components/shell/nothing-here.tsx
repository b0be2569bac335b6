import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";

export function NothingHere() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <StateMessage
        kind="missing"
        title="There is no such page"
        action={
          <Button asChild>
            <Link href="/">Go to the overview</Link>
          </Button>
        }
      >
        What it showed may have been deleted or renamed.
      </StateMessage>
    </>
  );
}
