CREATE TABLE "audit_entries" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"act_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"actor_roles" text[] NOT NULL,
	"via" text NOT NULL,
	"action" text NOT NULL,
	"subject" jsonb NOT NULL,
	"outcome" text NOT NULL,
	"detail" jsonb NOT NULL,
	"prev_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "observed_connectors" (
	"cluster" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"plugin" text NOT NULL,
	"plugin_version" text,
	"state" text NOT NULL,
	"trace" text,
	"tasks" jsonb NOT NULL,
	"config" jsonb NOT NULL,
	"plaintext_secret_keys" text[] NOT NULL,
	"worker" text NOT NULL,
	"fingerprint" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"state_changed_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "observed_connectors_cluster_name_pk" PRIMARY KEY("cluster","name")
);
--> statement-breakpoint
CREATE TABLE "upstream_states" (
	"cluster" text NOT NULL,
	"upstream" text NOT NULL,
	"state" text NOT NULL,
	"message" text,
	"facts" jsonb NOT NULL,
	"last_ok_at" timestamp (3) with time zone,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "upstream_states_cluster_upstream_pk" PRIMARY KEY("cluster","upstream")
);
--> statement-breakpoint
CREATE INDEX "audit_entries_at_idx" ON "audit_entries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_entries_act_idx" ON "audit_entries" USING btree ("act_id");--> statement-breakpoint
CREATE INDEX "audit_entries_actor_idx" ON "audit_entries" USING btree ("actor_id","at");--> statement-breakpoint
CREATE INDEX "audit_entries_action_idx" ON "audit_entries" USING btree ("action","at");--> statement-breakpoint
CREATE INDEX "observed_connectors_state_idx" ON "observed_connectors" USING btree ("cluster","state");--> statement-breakpoint
CREATE INDEX "observed_connectors_plugin_idx" ON "observed_connectors" USING btree ("plugin");
--> statement-breakpoint
-- What drizzle-kit cannot express. Statements are separated by the breakpoint line.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entries is append-only';
end $$;
--> statement-breakpoint
create trigger audit_entries_append_only before update or delete on audit_entries
  for each row execute function refuse_audit_change();
--> statement-breakpoint
create trigger audit_entries_no_truncate before truncate on audit_entries
  for each statement execute function refuse_audit_change();
