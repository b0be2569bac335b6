import { CircleUser } from "lucide-react";
import { Button, type ButtonProps } from "#components/ui/button.tsx";
import { useViewer } from "./viewer.tsx";

export function PersonButton(props: ButtonProps) {
  const viewer = useViewer();
  return (
    <Button
      variant="ghost"
      aria-haspopup="menu"
      aria-label={`${viewer.name}, signed in`}
      className="max-w-44"
      {...props}
    >
      <CircleUser aria-hidden className="size-4!" />
      <span className="truncate max-md:hidden">{viewer.name}</span>
    </Button>
  );
}
