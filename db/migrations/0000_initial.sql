CREATE TABLE "people" (
	"id" uuid PRIMARY KEY NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"groups" text[] NOT NULL,
	"roles" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"signed_in_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"person_id" uuid NOT NULL,
	"oidc_sid" text,
	"created_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"idle_expires_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"user_agent" text,
	"address" text,
	"roles_due_at" timestamp with time zone NOT NULL,
	"roles_stale_since" timestamp with time zone,
	"sealed_tokens" text
);
--> statement-breakpoint
CREATE TABLE "used_logout_tokens" (
	"jti" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"act_id" uuid NOT NULL,
	"intent_seq" bigint,
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
CREATE TABLE "audit_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_head_is_one_row" CHECK ("audit_head"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "audit_open_acts" (
	"act_id" uuid PRIMARY KEY NOT NULL,
	"intent_seq" bigint NOT NULL,
	"touched_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connector_versions" (
	"cluster" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"config" jsonb NOT NULL,
	"origin" text NOT NULL,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"plan_id" uuid,
	"note" text,
	CONSTRAINT "connector_versions_cluster_name_version_pk" PRIMARY KEY("cluster","name","version"),
	CONSTRAINT "connector_versions_plan_key" UNIQUE("cluster","name","plan_id")
);
--> statement-breakpoint
CREATE TABLE "credential_checks" (
	"cluster" text NOT NULL,
	"reference" text NOT NULL,
	"reader" text NOT NULL,
	"state" text NOT NULL,
	"result" jsonb NOT NULL,
	"checked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "credential_checks_cluster_reference_reader_pk" PRIMARY KEY("cluster","reference","reader")
);
--> statement-breakpoint
CREATE TABLE "databases" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"engine" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"database_name" text NOT NULL,
	"tls_mode" text NOT NULL,
	"tls_ca" text,
	"cluster" text NOT NULL,
	"role" text NOT NULL,
	"connector_role" text,
	"connector_user_ref" text NOT NULL,
	"connector_password_ref" text NOT NULL,
	"readonly_user_ref" text NOT NULL,
	"readonly_password_ref" text NOT NULL,
	"change_user_ref" text,
	"change_password_ref" text,
	"last_test" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "databases_name_key" UNIQUE("name"),
	CONSTRAINT "databases_address_key" UNIQUE("cluster","engine","host","port","database_name")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_alerts" (
	"id" serial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"cluster" text NOT NULL,
	"connector" text NOT NULL,
	"table_name" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"value" double precision NOT NULL,
	"worst" double precision NOT NULL,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"cleared_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "dead_letter_attempts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"dead_letter_id" bigint NOT NULL,
	"run_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"message" text,
	"topic_id" integer,
	"incarnation" integer,
	"partition" integer,
	"offset" bigint,
	"group_id" bigint,
	"error_id" bigint,
	"marker" text
);
--> statement-breakpoint
CREATE TABLE "dead_letter_copies" (
	"topic_id" integer NOT NULL,
	"incarnation" integer NOT NULL,
	"partition" integer NOT NULL,
	"offset" bigint NOT NULL,
	"key" "bytea",
	"value" "bytea",
	"headers" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dead_letter_copies_topic_id_incarnation_partition_offset_pk" PRIMARY KEY("topic_id","incarnation","partition","offset")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_discards" (
	"discard_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"dead_letter_id" bigint NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "dead_letter_discards_discard_id_position_pk" PRIMARY KEY("discard_id","position")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_edits" (
	"replay_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"value" "bytea",
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dead_letter_edits_replay_id_position_pk" PRIMARY KEY("replay_id","position")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_errors" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"exception" text NOT NULL,
	"message" text NOT NULL,
	"chain" jsonb NOT NULL,
	"frames" text NOT NULL,
	"failed_in" text
);
--> statement-breakpoint
CREATE TABLE "dead_letter_groups" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"fingerprint" text NOT NULL,
	"version" integer NOT NULL,
	"stage" text NOT NULL,
	"connector" text NOT NULL,
	"table_name" text NOT NULL,
	"exceptions" text[] NOT NULL,
	"message" text NOT NULL,
	"cause" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"owner" text,
	"note" text,
	"mute_until_count" bigint,
	"mute_until_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"records" bigint DEFAULT 0 NOT NULL,
	"open" bigint DEFAULT 0 NOT NULL,
	"key_sketch" "bytea",
	"keys" bigint DEFAULT 0 NOT NULL,
	"first_seen" timestamp (3) with time zone,
	"last_seen" timestamp (3) with time zone,
	"systemic" text,
	"systemic_until" timestamp (3) with time zone,
	"rule_id" integer,
	"moved_to" bigint[],
	"suggestion" text
);
--> statement-breakpoint
CREATE TABLE "dead_letter_minutes" (
	"group_id" bigint NOT NULL,
	"minute" timestamp (0) with time zone NOT NULL,
	"records" integer NOT NULL,
	CONSTRAINT "dead_letter_minutes_group_id_minute_pk" PRIMARY KEY("group_id","minute")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_positions" (
	"topic_id" integer NOT NULL,
	"partition" integer NOT NULL,
	"incarnation" integer NOT NULL,
	"next_offset" bigint NOT NULL,
	"log_start" bigint NOT NULL,
	"log_end" bigint NOT NULL,
	"anchor_offset" bigint,
	"anchor_hash" text,
	"lost" bigint DEFAULT 0 NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dead_letter_positions_topic_id_partition_pk" PRIMARY KEY("topic_id","partition")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_replay_items" (
	"replay_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"dead_letter_id" bigint NOT NULL,
	"topic_id" integer NOT NULL,
	"incarnation" integer NOT NULL,
	"partition" integer NOT NULL,
	"offset" bigint NOT NULL,
	"key_hash" bigint,
	"connector" text NOT NULL,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"wave" integer NOT NULL,
	"chain" integer NOT NULL,
	"state" text NOT NULL,
	"target_topic" text,
	"target_partition" integer,
	"target_offset" bigint,
	"message" text,
	CONSTRAINT "dead_letter_replay_items_replay_id_position_pk" PRIMARY KEY("replay_id","position")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_replays" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"plan_id" uuid,
	"run_id" uuid,
	"target" text NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"paused_because" text,
	"rate_per_second" double precision,
	"selection" text NOT NULL,
	"scanned_to" jsonb NOT NULL,
	"sending_from" integer,
	"sending_to" integer,
	"sending_starts" jsonb,
	"markers" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dead_letter_rule_hits" (
	"rule_id" integer NOT NULL,
	"version" integer NOT NULL,
	"group_id" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"records" bigint DEFAULT 0 NOT NULL,
	"outcome" text NOT NULL,
	"plan_id" uuid,
	CONSTRAINT "dead_letter_rule_hits_rule_id_version_group_id_pk" PRIMARY KEY("rule_id","version","group_id")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_rule_versions" (
	"rule_id" integer NOT NULL,
	"version" integer NOT NULL,
	"rule" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"deleted" boolean DEFAULT false NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "dead_letter_rule_versions_rule_id_version_pk" PRIMARY KEY("rule_id","version")
);
--> statement-breakpoint
CREATE TABLE "dead_letter_rules" (
	"id" serial PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"rule" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "dead_letter_topics" (
	"id" serial PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"topic" text NOT NULL,
	"found_by" text NOT NULL,
	"copy_days" integer DEFAULT 0 NOT NULL,
	"retention_ms" bigint,
	"problem" text,
	"found_at" timestamp (3) with time zone NOT NULL,
	"added_by" text,
	"excluded_by" text,
	"gone_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "dead_letter_traffic" (
	"cluster" text NOT NULL,
	"connector" text NOT NULL,
	"table_name" text NOT NULL,
	"minute" timestamp (0) with time zone NOT NULL,
	"source" text NOT NULL,
	"delivered" bigint NOT NULL,
	CONSTRAINT "dead_letter_traffic_cluster_connector_table_name_minute_pk" PRIMARY KEY("cluster","connector","table_name","minute")
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
CREATE TABLE "observed_pipelines" (
	"cluster" text NOT NULL,
	"source" text NOT NULL,
	"engine" text NOT NULL,
	"prefix" text NOT NULL,
	"sinks" jsonb NOT NULL,
	"dead_letters" jsonb NOT NULL,
	"checkpoint" jsonb,
	"snapshot" jsonb,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "observed_pipelines_cluster_source_pk" PRIMARY KEY("cluster","source")
);
--> statement-breakpoint
CREATE TABLE "table_progress" (
	"cluster" text NOT NULL,
	"source" text NOT NULL,
	"name" text NOT NULL,
	"topic" text NOT NULL,
	"topic_exists" boolean NOT NULL,
	"state" text,
	"captured" bigint,
	"retained" bigint,
	"committed_at" timestamp (3) with time zone,
	"captured_at" timestamp (3) with time zone,
	"last_op" text,
	"position" text,
	"per_second" real,
	"sinks" jsonb NOT NULL,
	"lag_events" bigint,
	"waiting_since" timestamp (3) with time zone,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "table_progress_cluster_source_name_pk" PRIMARY KEY("cluster","source","name")
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
CREATE TABLE "plan_approvals" (
	"plan_id" uuid NOT NULL,
	"approver_id" text NOT NULL,
	"approver_name" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "plan_approvals_plan_id_approver_id_pk" PRIMARY KEY("plan_id","approver_id")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"subject" jsonb NOT NULL,
	"level" integer NOT NULL,
	"status" text NOT NULL,
	"frozen" json NOT NULL,
	"fingerprint" text NOT NULL,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"search_text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_items" (
	"run_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"step_position" integer NOT NULL,
	"key" text NOT NULL,
	"state" text NOT NULL,
	"message" text NOT NULL,
	"detail" jsonb,
	CONSTRAINT "run_items_run_id_position_pk" PRIMARY KEY("run_id","position"),
	CONSTRAINT "run_items_state_check" CHECK ("run_items"."state" in ('succeeded', 'failed', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE "run_locks" (
	"key" text PRIMARY KEY NOT NULL,
	"run_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_steps" (
	"run_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"message" text,
	"detail" jsonb,
	"done" bigint,
	"total" bigint,
	"note" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "run_steps_run_id_position_pk" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"plan_id" uuid NOT NULL,
	"state" text NOT NULL,
	"message" text,
	"started_by" jsonb NOT NULL,
	"confirmation" jsonb NOT NULL,
	"audit_act_id" uuid NOT NULL,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"not_before" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"aborted_by" jsonb,
	"lease_token" uuid,
	"lease_until" timestamp (3) with time zone,
	"lease_worker" text
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"stopped_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "reconciliation_discrepancies" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"table_id" bigint NOT NULL,
	"key_hash" text NOT NULL,
	"engine_key" text NOT NULL,
	"key" jsonb NOT NULL,
	"key_text" text NOT NULL,
	"type" text NOT NULL,
	"columns" text[] NOT NULL,
	"reason" text,
	"cause" text NOT NULL,
	"attribution" jsonb,
	"source_hash" text,
	"target_hash" text,
	"state" text NOT NULL,
	"first_seen" timestamp (3) with time zone NOT NULL,
	"last_seen" timestamp (3) with time zone NOT NULL,
	"first_run_id" uuid NOT NULL,
	"last_run_id" uuid NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ignored_until" timestamp (3) with time zone,
	"decided_by" text,
	"decided_reason" text
);
--> statement-breakpoint
CREATE TABLE "reconciliation_repair_items" (
	"repair_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"discrepancy_id" bigint NOT NULL,
	"table_id" bigint NOT NULL,
	"type" text NOT NULL,
	"target_hash" text,
	CONSTRAINT "reconciliation_repair_items_key" UNIQUE("repair_id","position")
);
--> statement-breakpoint
CREATE TABLE "reconciliation_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"source" text NOT NULL,
	"generated_at" timestamp (3) with time zone NOT NULL,
	"generated_by" text NOT NULL,
	"body" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliation_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"table_id" bigint NOT NULL,
	"scope" text NOT NULL,
	"method" text NOT NULL,
	"trigger" text NOT NULL,
	"state" text NOT NULL,
	"message" text,
	"is_verified" boolean,
	"failed_at" text,
	"requested_by" jsonb NOT NULL,
	"keys" jsonb,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"aborted_by" jsonb,
	"lease_token" uuid,
	"lease_until" timestamp (3) with time zone,
	"lease_worker" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"progress" jsonb,
	"estimate" jsonb,
	"checkpoint" jsonb,
	"verified_through" text,
	"coverage" double precision,
	"counts" jsonb,
	"source_checksum" text,
	"target_checksum" text,
	"cost" jsonb,
	"unchecked" jsonb,
	"interval" jsonb,
	"unexplained_percent" double precision,
	"explained_percent" double precision,
	"open_unexplained" bigint,
	"open_explained" bigint,
	"report_id" uuid
);
--> statement-breakpoint
CREATE TABLE "reconciliation_tables" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"source" text NOT NULL,
	"name" text NOT NULL,
	"topic" text NOT NULL,
	"sink" text NOT NULL,
	"target" text,
	"source_database_id" uuid,
	"target_database_id" uuid,
	"settings" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"found_at" timestamp (3) with time zone NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"next_run_at" timestamp (3) with time zone,
	"next_full_at" timestamp (3) with time zone,
	"first_run_approved_at" timestamp (3) with time zone,
	"held_because" text,
	"next_slice" integer DEFAULT 0 NOT NULL,
	"touched_through" jsonb,
	"last_run_id" uuid,
	"last_verified_run_id" uuid,
	"last_full_run_id" uuid,
	"compared_rows" bigint,
	"open_unexplained" bigint DEFAULT 0 NOT NULL,
	"open_explained" bigint DEFAULT 0 NOT NULL,
	"ignored" bigint DEFAULT 0 NOT NULL,
	"count_difference" bigint DEFAULT 0 NOT NULL,
	"source_rows" bigint,
	"target_rows" bigint,
	"verified_at" timestamp (3) with time zone,
	"verified_through" text,
	"critical_since" timestamp (3) with time zone,
	CONSTRAINT "reconciliation_tables_key" UNIQUE("cluster","source","name","sink")
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_approvals" ADD CONSTRAINT "plan_approvals_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_locks" ADD CONSTRAINT "run_locks_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_steps" ADD CONSTRAINT "run_steps_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_discrepancies" ADD CONSTRAINT "reconciliation_discrepancies_table_id_reconciliation_tables_id_fk" FOREIGN KEY ("table_id") REFERENCES "public"."reconciliation_tables"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_runs" ADD CONSTRAINT "reconciliation_runs_table_id_reconciliation_tables_id_fk" FOREIGN KEY ("table_id") REFERENCES "public"."reconciliation_tables"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "people_identity_idx" ON "people" USING btree ("issuer","subject");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_idx" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_person_idx" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sessions_oidc_sid_idx" ON "sessions" USING btree ("oidc_sid");--> statement-breakpoint
CREATE INDEX "sessions_expiry_idx" ON "sessions" USING btree ("idle_expires_at");--> statement-breakpoint
CREATE INDEX "audit_entries_at_idx" ON "audit_entries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_entries_act_idx" ON "audit_entries" USING btree ("act_id","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_actor_idx" ON "audit_entries" USING btree ("actor_id","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_action_idx" ON "audit_entries" USING btree ("action","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_unusual_idx" ON "audit_entries" USING btree ("outcome","seq") WHERE "audit_entries"."outcome" <> 'succeeded';--> statement-breakpoint
CREATE INDEX "credential_checks_checked_idx" ON "credential_checks" USING btree ("checked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_alerts_open_idx" ON "dead_letter_alerts" USING btree ("kind","cluster","connector","table_name") WHERE cleared_at is null;--> statement-breakpoint
CREATE INDEX "dead_letter_attempts_record_idx" ON "dead_letter_attempts" USING btree ("dead_letter_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_attempts_run_idx" ON "dead_letter_attempts" USING btree ("dead_letter_id","run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_attempts_place_idx" ON "dead_letter_attempts" USING btree ("topic_id","incarnation","partition","offset");--> statement-breakpoint
CREATE INDEX "dead_letter_copies_expiry_idx" ON "dead_letter_copies" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_errors_hash_idx" ON "dead_letter_errors" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_groups_fingerprint_idx" ON "dead_letter_groups" USING btree ("cluster","fingerprint");--> statement-breakpoint
CREATE INDEX "dead_letter_groups_status_idx" ON "dead_letter_groups" USING btree ("status","open");--> statement-breakpoint
CREATE INDEX "dead_letter_groups_table_idx" ON "dead_letter_groups" USING btree ("table_name");--> statement-breakpoint
CREATE INDEX "dead_letter_minutes_minute_idx" ON "dead_letter_minutes" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "dead_letter_replay_items_state_idx" ON "dead_letter_replay_items" USING btree ("replay_id","state","wave");--> statement-breakpoint
CREATE INDEX "dead_letter_replay_items_record_idx" ON "dead_letter_replay_items" USING btree ("dead_letter_id");--> statement-breakpoint
CREATE INDEX "dead_letter_replay_items_sent_idx" ON "dead_letter_replay_items" USING btree ("replay_id") WHERE state = 'sent';--> statement-breakpoint
CREATE INDEX "dead_letter_rule_hits_group_idx" ON "dead_letter_rule_hits" USING btree ("group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_topics_name_idx" ON "dead_letter_topics" USING btree ("cluster","topic");--> statement-breakpoint
CREATE INDEX "dead_letter_traffic_minute_idx" ON "dead_letter_traffic" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "observed_connectors_state_idx" ON "observed_connectors" USING btree ("cluster","state");--> statement-breakpoint
CREATE INDEX "observed_connectors_plugin_idx" ON "observed_connectors" USING btree ("plugin");--> statement-breakpoint
CREATE INDEX "table_progress_topic_idx" ON "table_progress" USING btree ("cluster","topic");--> statement-breakpoint
CREATE INDEX "plans_proposed_idx" ON "plans" USING btree ("proposed_at","id");--> statement-breakpoint
CREATE INDEX "plans_status_idx" ON "plans" USING btree ("status","proposed_at");--> statement-breakpoint
CREATE INDEX "plans_subject_idx" ON "plans" USING gin ("subject");--> statement-breakpoint
CREATE INDEX "plans_waiting_idx" ON "plans" USING btree ("expires_at") WHERE "plans"."status" in ('proposed', 'approved');--> statement-breakpoint
CREATE INDEX "run_items_state_idx" ON "run_items" USING btree ("run_id","state","position");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_plan_idx" ON "runs" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "runs_open_idx" ON "runs" USING btree ("lease_until") WHERE "runs"."state" in ('queued', 'running', 'aborting');--> statement-breakpoint
CREATE INDEX "runs_state_idx" ON "runs" USING btree ("state");--> statement-breakpoint
CREATE INDEX "workers_seen_idx" ON "workers" USING btree ("seen_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_discrepancies_live_idx" ON "reconciliation_discrepancies" USING btree ("table_id","key_hash") WHERE "reconciliation_discrepancies"."state" in ('open', 'ignored');--> statement-breakpoint
CREATE INDEX "reconciliation_discrepancies_table_idx" ON "reconciliation_discrepancies" USING btree ("table_id","state","id");--> statement-breakpoint
CREATE INDEX "reconciliation_discrepancies_run_idx" ON "reconciliation_discrepancies" USING btree ("last_run_id");--> statement-breakpoint
CREATE INDEX "reconciliation_reports_pipeline_idx" ON "reconciliation_reports" USING btree ("cluster","source","generated_at");--> statement-breakpoint
CREATE INDEX "reconciliation_runs_table_idx" ON "reconciliation_runs" USING btree ("table_id","queued_at");--> statement-breakpoint
CREATE INDEX "reconciliation_runs_ended_idx" ON "reconciliation_runs" USING btree ("ended_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_runs_open_idx" ON "reconciliation_runs" USING btree ("table_id") WHERE "reconciliation_runs"."state" in ('QUEUED', 'RUNNING') and "reconciliation_runs"."scope" <> 'keys';--> statement-breakpoint
CREATE INDEX "reconciliation_tables_due_idx" ON "reconciliation_tables" USING btree ("next_run_at");
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
--> statement-breakpoint
create function refuse_audit_head_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.seq = old.seq + 1 then return new; end if;
  raise exception 'audit_head only moves forward, one entry at a time';
end $$;
--> statement-breakpoint
insert into audit_head (id, seq, hash) values (1, 0, repeat('0', 64));
--> statement-breakpoint
create trigger audit_head_moves_forward before update or delete on audit_head
  for each row execute function refuse_audit_head_change();
--> statement-breakpoint
create trigger audit_head_no_truncate before truncate on audit_head
  for each statement execute function refuse_audit_head_change();
--> statement-breakpoint
-- Numbers, links and stores one entry in one round trip: the chain is locked only from here to the end of the transaction.
-- The hashed text is the one of chainText in domain/audit/entry.ts.
create function append_audit_entry(
  p_act_id uuid, p_intent_seq bigint, p_actor_id text, p_actor_name text, p_actor_roles text[], p_via text,
  p_action text, p_subject jsonb, p_outcome text, p_detail jsonb, p_content_hash text
) returns bigint language plpgsql as $$
declare
  v_seq bigint;
  v_prev text;
  v_hash text;
  v_at timestamptz;
begin
  select seq + 1, hash into strict v_seq, v_prev from audit_head where id = 1 for update;
  v_at := date_trunc('milliseconds', clock_timestamp());
  v_hash := encode(sha256(convert_to(
    v_prev || ' ' || v_seq || ' ' || to_char(v_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' ' || p_content_hash,
    'UTF8')), 'hex');
  insert into audit_entries
    (seq, act_id, intent_seq, at, actor_id, actor_name, actor_roles, via, action, subject, outcome, detail, prev_hash, hash)
  values
    (v_seq, p_act_id, p_intent_seq, v_at, p_actor_id, p_actor_name, p_actor_roles, p_via, p_action, p_subject, p_outcome,
     p_detail, v_prev, v_hash);
  update audit_head set seq = v_seq, hash = v_hash where id = 1;
  if p_outcome = 'pending' then
    insert into audit_open_acts (act_id, intent_seq, touched_at) values (p_act_id, v_seq, clock_timestamp());
  else
    delete from audit_open_acts where act_id = p_act_id;
  end if;
  perform pg_notify('headgate_changes', '{"subject":"audit","key":"appended"}');
  return v_seq;
end $$;
--> statement-breakpoint
-- One row per record of a dead-letter topic. Partitioned by topic: one topic's records stay together, and the place in
-- Kafka is the key, so that no record can be there twice.
create sequence dead_letter_ids;
--> statement-breakpoint
create table dead_letters (
  topic_id integer not null,
  incarnation integer not null,
  partition integer not null,
  "offset" bigint not null,
  id bigint not null default nextval('dead_letter_ids'),
  group_id bigint not null,
  home_group_id bigint,
  error_id bigint not null,
  original_topic text,
  original_partition integer,
  original_offset bigint,
  key_hash bigint,
  key_text text,
  value_size integer not null,
  op text,
  event_at timestamptz(3),
  recorded_at timestamptz(3) not null,
  failed_at timestamptz(3) not null,
  status text not null default 'PENDING',
  attempts integer not null default 0,
  settled_at timestamptz(3),
  settled_by text,
  settled_reason text,
  primary key (topic_id, incarnation, partition, "offset")
) partition by hash (topic_id);
--> statement-breakpoint
do $$
begin
  for part in 0..7 loop
    execute format('create table dead_letters_%s partition of dead_letters for values with (modulus 8, remainder %s)', part, part);
  end loop;
end $$;
--> statement-breakpoint
create index dead_letters_id_idx on dead_letters (id);
--> statement-breakpoint
create index dead_letters_group_idx on dead_letters (group_id, id);
--> statement-breakpoint
create index dead_letters_pending_idx on dead_letters (id) where status = 'PENDING';
--> statement-breakpoint
create index dead_letters_settled_idx on dead_letters (id) where status <> 'PENDING';
--> statement-breakpoint
create index dead_letters_tried_idx on dead_letters (id) where attempts > 0;
--> statement-breakpoint
create index dead_letters_key_idx on dead_letters (key_hash);
--> statement-breakpoint
create index dead_letters_text_idx on dead_letters using hash (key_text);
