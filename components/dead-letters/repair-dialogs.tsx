"use client";

import dynamic from "next/dynamic";
import type { GroupRow } from "./dead-letter-outputs.ts";
import type { RepairTarget } from "./repair-target.ts";
import type { Settling } from "./settling.ts";

const ReplayDialog = dynamic(() => import("./replay-dialog.tsx").then((module) => module.ReplayDialog));
const SettleDialog = dynamic(() => import("./settle-dialog.tsx").then((module) => module.SettleDialog));
const MuteDialog = dynamic(() => import("./mute-dialog.tsx").then((module) => module.MuteDialog));
const AssignDialog = dynamic(() => import("./assign-dialog.tsx").then((module) => module.AssignDialog));

const ExportDialog = dynamic(() => import("./export-dialog.tsx").then((module) => module.ExportDialog));
const DiscardDialog = dynamic(() => import("./discard-dialog.tsx").then((module) => module.DiscardDialog));

const RereadDialog = dynamic(() => import("./reread-dialog.tsx").then((module) => module.RereadDialog));

export type Repair = Settling | "replay" | "reread" | "mute" | "assign" | "export" | "discard";

export interface RepairDialogsProps {
  asked: Repair | undefined;
  target: RepairTarget;
  /** What muting and assigning are about. */
  groups?: readonly GroupRow[];
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

/** The one dialog that was asked for; each is loaded when it is. */
export function RepairDialogs({ asked, target, groups = [], onClose, onDone }: RepairDialogsProps) {
  switch (asked) {
    case undefined:
      return null;
    case "replay": {
      const { cluster } = target;
      return cluster === undefined ? null : (
        <ReplayDialog target={{ ...target, cluster }} onClose={onClose} />
      );
    }
    case "reread": {
      const { cluster } = target;
      return cluster === undefined ? null : (
        <RereadDialog target={{ ...target, cluster }} onClose={onClose} />
      );
    }
    case "mute":
      return <MuteDialog groups={groups} onClose={onClose} onDone={onDone} />;
    case "assign":
      return <AssignDialog groups={groups} onClose={onClose} onDone={onDone} />;
    case "export":
      return <ExportDialog target={target} onClose={onClose} />;
    case "discard":
      return <DiscardDialog target={target} onClose={onClose} />;
    default:
      return <SettleDialog settling={asked} target={target} onClose={onClose} onDone={onDone} />;
  }
}
