import { SlidersHorizontal } from "lucide-react";
import { Button, type ButtonProps } from "#components/ui/button.tsx";

export function ViewTrigger(props: ButtonProps) {
  return (
    <Button aria-haspopup="dialog" {...props}>
      <SlidersHorizontal aria-hidden />
      View
    </Button>
  );
}
