import { Skeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="flex flex-col gap-3">
      <Skeleton className="h-6 w-56" label="Loading the page" />
      <Skeleton className="h-4 w-96 max-w-full" />
      <Skeleton className="mt-3 h-64 w-full" />
    </div>
  );
}
