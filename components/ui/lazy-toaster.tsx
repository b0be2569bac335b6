"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { onFirstToast } from "./toast.ts";

const Toaster = dynamic(() => import("./toaster.tsx").then((module) => module.Toaster), { ssr: false });

export function LazyToaster() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => onFirstToast(() => setWanted(true)), []);
  return wanted ? <Toaster /> : null;
}
