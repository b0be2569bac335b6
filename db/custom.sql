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
