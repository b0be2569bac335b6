import { NothingHere } from "#components/shell/nothing-here.tsx";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center">
      <NothingHere />
    </main>
  );
}
