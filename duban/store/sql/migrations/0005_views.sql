-- Typed readings of the ledger. Field names are those of the models in duban/domain; a field that a
-- document does not have (yet) reads as NULL. `doc` stands beside the columns for everything else.

SET LOCAL ROLE audit_owner;

CREATE VIEW ledger.campaigns AS
  SELECT id AS no, doc ->> 'title' AS title, doc ->> 'programme' AS programme,
         doc ->> 'mode' AS mode, doc ->> 'lead_body' AS lead_body, doc ->> 'stage' AS stage,
         (doc ->> 'current_phase')::int AS current_phase, doc ->> 'plan_state' AS plan_state,
         (doc ->> 'launch_on')::date AS launch_on, (doc ->> 'close_on')::date AS close_on,
         (doc ->> 'stage_entered_on')::date AS stage_entered_on,
         doc ->> 'policy_version' AS policy_version,
         (doc ->> 'calendar_version')::int AS calendar_version,
         stream, last_seq, updated_us, doc
  FROM ledger.campaign;

CREATE VIEW ledger.phases AS
  SELECT scope AS campaign, (doc ->> 'no')::int AS no, doc ->> 'title' AS title,
         doc ->> 'status' AS status, (doc ->> 'starts_on')::date AS starts_on,
         (doc ->> 'ends_on')::date AS ends_on,
         (doc ->> 'original_ends_on')::date AS original_ends_on,
         (doc ->> 'makeups')::int AS makeups, stream, last_seq, updated_us, doc
  FROM ledger.phase;

CREATE VIEW ledger.units AS
  SELECT scope AS campaign, id AS code, doc ->> 'name' AS name, doc ->> 'kind' AS kind,
         doc ->> 'parent' AS parent, (doc ->> 'must_plan')::boolean AS must_plan,
         doc ->> 'plan_state' AS plan_state, stream, last_seq, updated_us, doc
  FROM ledger.unit;

CREATE VIEW ledger.people AS
  SELECT scope AS campaign, doc ->> 'id' AS id, doc ->> 'name' AS name, doc ->> 'role' AS role,
         doc ->> 'unit' AS unit, doc ->> 'title' AS title, stream, last_seq, updated_us, doc
  FROM ledger.person;

CREATE VIEW ledger.tasks AS
  SELECT scope AS campaign, id AS no, doc ->> 'focus' AS focus, doc ->> 'title' AS title,
         doc ->> 'lead_unit' AS lead_unit, doc ->> 'handler' AS handler,
         doc ->> 'principal_leader' AS principal_leader, (doc ->> 'due_on')::date AS due_on,
         doc ->> 'difficulty' AS difficulty, doc ->> 'state' AS state,
         (doc ->> 'breach_level')::int AS breach_level,
         (doc ->> 'yellow_count')::int AS yellow_count,
         (doc ->> 'red_count')::int AS red_count, (doc ->> 'stagnant')::boolean AS stagnant,
         stream, last_seq, updated_us, doc
  FROM ledger.task;

CREATE VIEW ledger.goals AS
  SELECT scope AS campaign, id, doc ->> 'task' AS task, (doc ->> 'phase')::int AS phase,
         doc ->> 'measure' AS measure, doc ->> 'unit_of_measure' AS unit_of_measure,
         doc ->> 'direction' AS direction, (doc ->> 'baseline')::numeric AS baseline,
         (doc ->> 'target')::numeric AS target,
         (doc ->> 'current_value')::numeric AS current_value,
         (doc ->> 'claimed_value')::numeric AS claimed_value,
         (doc ->> 'verified_value')::numeric AS verified_value,
         (doc ->> 'due_on')::date AS due_on, doc ->> 'state' AS state,
         stream, last_seq, updated_us, doc
  FROM ledger.goal;

CREATE VIEW ledger.deadlines AS
  SELECT scope AS campaign, id, doc ->> 'code' AS code, doc ->> 'object_type' AS object_type,
         doc ->> 'object_id' AS object_id, doc ->> 'matter' AS matter, doc ->> 'holder' AS holder,
         (doc ->> 'start_on')::date AS start_on, doc ->> 'unit' AS unit,
         (doc ->> 'amount')::int AS amount, (doc ->> 'calendar_version')::int AS calendar_version,
         (doc ->> 'provisional')::boolean AS provisional,
         (doc ->> 'original_due_on')::date AS original_due_on,
         (doc ->> 'current_due_on')::date AS current_due_on,
         (doc ->> 'due_at')::timestamptz AS due_at, (doc ->> 'met_at')::timestamptz AS met_at,
         (doc ->> 'breached_at')::timestamptz AS breached_at,
         (doc ->> 'breach_level')::int AS breach_level,
         (doc ->> 'extensions')::int AS extensions,
         (doc ->> 'stopped_from')::date AS stopped_from, doc ->> 'next_rung' AS next_rung,
         (doc ->> 'next_at')::timestamptz AS next_at, doc ->> 'status' AS status,
         stream, last_seq, updated_us, doc
  FROM ledger.deadline;

CREATE VIEW ledger.extensions AS
  SELECT scope AS campaign, id, doc ->> 'deadline' AS deadline,
         doc ->> 'object_type' AS object_type, doc ->> 'object_id' AS object_id,
         doc ->> 'unit' AS unit, doc ->> 'reason_class' AS reason_class,
         doc ->> 'reason' AS reason, (doc ->> 'old_due_on')::date AS old_due_on,
         (doc ->> 'new_due_on')::date AS new_due_on, (doc ->> 'working_days')::int AS working_days,
         (doc ->> 'nth')::int AS nth, doc ->> 'decider' AS decider, doc ->> 'state' AS state,
         doc ->> 'requested_by' AS requested_by, (doc ->> 'requested_on')::date AS requested_on,
         doc ->> 'decided_by' AS decided_by, doc ->> 'decided_reason' AS decided_reason,
         stream, last_seq, updated_us, doc
  FROM ledger.extension;

CREATE VIEW ledger.documents AS
  SELECT scope AS campaign, id, doc ->> 'kind' AS kind, doc ->> 'doc_no' AS doc_no,
         doc ->> 'title' AS title, doc ->> 'digest' AS digest, (doc ->> 'phase')::int AS phase,
         doc ->> 'filed_by' AS filed_by, (doc ->> 'filed_on')::date AS filed_on,
         stream, last_seq, updated_us, doc
  FROM ledger.document;

CREATE VIEW ledger.notices AS
  SELECT scope AS campaign, id, doc ->> 'recipient' AS recipient,
         doc ->> 'recipient_role' AS recipient_role, doc ->> 'recipient_unit' AS recipient_unit,
         doc ->> 'object_type' AS object_type, doc ->> 'object_id' AS object_id,
         doc ->> 'deadline' AS deadline, doc ->> 'code' AS code, doc ->> 'rung' AS rung,
         (doc ->> 'level')::int AS level, doc ->> 'document' AS document,
         doc ->> 'matter' AS matter, (doc ->> 'due_on')::date AS due_on,
         (doc ->> 'scheduled_at')::timestamptz AS scheduled_at,
         (doc ->> 'sent_at')::timestamptz AS sent_at, (doc ->> 'late')::boolean AS late,
         doc ->> 'channel' AS channel, stream, last_seq, updated_us, doc
  FROM ledger.notice;

CREATE VIEW ledger.calendars AS
  SELECT scope, id, (doc ->> 'version')::int AS version, doc ->> 'title' AS title,
         doc ->> 'source_doc' AS source_doc, (doc ->> 'first_on')::date AS first_on,
         (doc ->> 'published_through')::date AS published_through,
         (doc ->> 'last_on')::date AS last_on, stream, last_seq, updated_us, doc
  FROM ledger.calendar;

-- One row per day of every calendar version: the document lists only the exceptions to the rule
-- that Monday to Friday are worked. Days beyond the published notices are provisional.
CREATE VIEW ledger.calendar_days AS
  SELECT c.scope, c.version, d.on_day AS date,
         CASE WHEN c.doc -> 'holidays' ? d.iso THEN 'holiday'
              WHEN c.doc -> 'makeup_workdays' ? d.iso THEN 'makeup_work'
              WHEN extract(isodow FROM d.on_day) > 5 THEN 'weekend'
              ELSE 'work' END AS kind,
         coalesce(c.doc #>> ARRAY['holidays', d.iso], c.doc #>> ARRAY['makeup_workdays', d.iso],
                  '') AS name,
         c.source_doc, d.on_day > c.published_through AS provisional
  FROM ledger.calendars AS c,
       LATERAL generate_series(c.first_on::timestamp, c.last_on::timestamp, '1 day') AS s (moment),
       LATERAL (SELECT s.moment::date AS on_day, to_char(s.moment, 'YYYY-MM-DD') AS iso) AS d;

RESET ROLE;
