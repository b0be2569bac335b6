import { z } from "zod";

export const DemoAccount = z.object({
  username: z.string(),
  name: z.string(),
  email: z.string(),
  groups: z.array(z.string()),
  /** Role that Headgate's default mapping gives; the newcomer has none yet. */
  role: z.enum(["viewer", "analyst", "operator", "engineer", "security", "admin"]).optional(),
});
export type DemoAccount = z.infer<typeof DemoAccount>;
export const DemoAccounts = z.array(DemoAccount);

/** The same for every demo account: there is nothing here to protect, and visitors should not have to look it up. */
export const demoPassword = "headgate";

const account = (username: string, name: string, role: DemoAccount["role"], group?: string): DemoAccount => ({
  username,
  name,
  email: `${username}@headgate.example`,
  groups: group ? [group] : [],
  role,
});

export const demoAccounts: readonly DemoAccount[] = [
  account("viewer", "Vera Lindqvist", "viewer", "headgate-viewers"),
  account("analyst", "Anil Kapadia", "analyst", "headgate-analysts"),
  account("operator", "Olga Moreau", "operator", "headgate-operators"),
  account("engineer", "Emre Yilmaz", "engineer", "headgate-engineers"),
  account("security", "Sina Okafor", "security", "headgate-security"),
  account("admin", "Ada Brandt", "admin", "headgate-admins"),
  account("newcomer", "Noel Ferreira", undefined),
];
