"""What somebody who may not see a ticket would try with psql, by its number and without.

`{id}` is the hidden ticket, `{own}` one that they see, `{group}`, `{client}` and `{person}` whose
the hidden one is. Reads find nothing, writes touch nothing or are refused.
"""

WORDS = {"bea": "Gehaltsliste", "clara": "Zwieselfrequenz"}
"""Login → what only the ticket that is hidden from it says."""
_HANGING = (
    *("attachment", "field_value", "link", "measure", "notice", "outbox", "problem_ticket"),
    *("question", "result", "step", "time_entry", "visit", "watcher", "inbox", "mail_reference"),
)
READS = (
    "SELECT * FROM ticket WHERE id = {id}",
    "SELECT 1 FROM ticket WHERE id = {id} FOR UPDATE",
    "SELECT 1 FROM ticket WHERE id = {id} FOR KEY SHARE",
    "SELECT id FROM ticket WHERE id BETWEEN {id} AND {id}",
    "SELECT n FROM (SELECT count(*) AS n FROM ticket WHERE id = {id}) c WHERE n > 0",
    "SELECT n FROM (SELECT count(*) AS n FROM ticket WHERE body LIKE '%{word}%') c WHERE n > 0",
    "SELECT subject FROM ticket WHERE subject ILIKE '%{word}%'",
    "SELECT subject FROM ticket WHERE subject ~ '{word}'",
    "SELECT id FROM ticket WHERE search @@ to_tsquery('deskterm_search', lower('{word}'))",
    "SELECT deskterm_found(lower('{word}'), NULL)",
    "SELECT deskterm_found(lower('{word}') || ':*', 9)",
    "SELECT * FROM ts_stat('SELECT search FROM ticket') "
    "WHERE word LIKE lower(left('{word}', 7)) || '%'",
    "SELECT t.subject FROM ledger l JOIN ticket t ON t.id = l.subject_id WHERE t.id = {id}",
    "SELECT l.text FROM ticket t RIGHT JOIN ledger l ON t.id = l.subject_id "
    "WHERE l.kind = 'ticket' AND l.subject_id = {id}",
    "SELECT * FROM ledger WHERE kind = 'ticket' AND subject_id = {id}",
    "SELECT * FROM ledger WHERE text LIKE '%{word}%' OR changes LIKE '%{word}%' "
    "OR data LIKE '%{word}%'",
    "SELECT o.* FROM operation o JOIN ledger l ON l.operation_id = o.id WHERE l.subject_id = {id} "
    "AND l.kind = 'ticket'",
    # what a function of one's own, a division or a cast would tell of rows that are filtered later
    "SELECT 1 FROM ticket WHERE id = {id} AND 1 / (id - {id}) = 0",
    "SELECT 1 FROM ticket WHERE 1 / (CASE WHEN subject LIKE '%{word}%' THEN 0 ELSE 1 END) = 5",
    "SELECT 1 FROM ticket WHERE id = {id} AND subject::integer = 1",
    "SELECT 1 FROM ticket WHERE id = {id} AND pg_sleep(9) IS NOT NULL",
    "COPY (SELECT subject FROM ticket WHERE id = {id}) TO STDOUT",
    "COPY (SELECT text FROM ledger WHERE text LIKE '%{word}%') TO STDOUT",
    "DECLARE c SCROLL CURSOR FOR SELECT subject FROM ticket WHERE id = {id}; FETCH ALL FROM c",
    "PREPARE p AS SELECT subject FROM ticket WHERE id = $1; EXECUTE p ({id})",
    "SELECT subject FROM ticket TABLESAMPLE SYSTEM (100) WHERE id = {id}",
    "SELECT t.subject FROM ticket t, ticket own WHERE own.id = {own} AND t.id = {id}",
    "SELECT l.* FROM generate_series({id}, {id}) g, LATERAL (SELECT * FROM ticket WHERE id = g) l",
    "WITH RECURSIVE r AS (SELECT {id} AS n UNION SELECT n FROM r) SELECT t.* FROM r "
    "JOIN ticket t ON t.id = r.n",
    "SELECT row_to_json(t) FROM ticket t WHERE id = {id}",
    "SELECT * FROM pg_stats WHERE tablename IN ('ticket', 'ledger', 'outbox')",
    "SELECT 1 FROM ticket WHERE merged_into = {id}",
    "SELECT unnest(enum_range) FROM (SELECT array_agg(subject) AS enum_range FROM ticket "
    "WHERE id = {id}) s",
    *(f"SELECT * FROM {table} WHERE ticket_id = {{id}}" for table in _HANGING),
    "SELECT * FROM link WHERE other_id = {id}",
    "SELECT 1 WHERE deskterm_sees({id})",
    "SELECT * FROM draft WHERE body LIKE '%{word}%'",
    "SELECT * FROM learned_word WHERE word LIKE lower(left('{word}', 7)) || '%'",
    "SELECT * FROM day_total",
    "SELECT * FROM outbox WHERE data LIKE '%{word}%'",
    "SELECT * FROM blob WHERE position(convert_to('{word}', 'UTF8') IN bytes) > 0",
    # what a place, a cast, an order, a document or a definition would tell
    "SELECT subject FROM ticket WHERE ctid = ANY (ARRAY(SELECT format('(%s,%s)', p, n)::tid "
    "FROM generate_series(0, 20) p, generate_series(1, 60) n)) AND id = {id}",
    "SELECT tableoid, xmin, ctid FROM ticket WHERE id = {id}",
    "SELECT 1 FROM ONLY ticket WHERE id = {id}",
    "SELECT 1 FROM ticket WHERE id = {id} AND subject::date IS NOT NULL",
    "SELECT 1 FROM ticket WHERE id = {id} AND subject::json IS NOT NULL",
    "SELECT 1 FROM ticket WHERE id = {id} AND to_tsquery('simple', subject || ' &&') IS NOT NULL",
    "SELECT 1 FROM ticket WHERE id = {id} AND regexp_replace(subject, '({word}', '') <> ''",
    "SELECT 1 FROM ticket WHERE id = {id} AND set_config('deskterm.x', subject, false) <> ''",
    "SELECT 1 FROM ticket WHERE id = {id} AND pg_notify('deskterm_x', subject) IS NOT NULL",
    "SELECT 1 FROM ticket WHERE id = {id} AND pg_advisory_lock(length(subject)) IS NOT NULL",
    "SELECT 1 FROM ticket WHERE id = {id} AND lo_from_bytea(0, subject::bytea) > 0",
    "SELECT 1 FROM ticket WHERE id = {id} AND format('%s', subject)::regclass IS NOT NULL",
    "SELECT first_value(subject) OVER (ORDER BY id DESC) FROM ticket WHERE id = {id}",
    'SELECT id FROM ticket WHERE id = {id} ORDER BY subject COLLATE "C" LIMIT 1',
    "SELECT max(id) FROM ticket HAVING max(id) FILTER (WHERE id = {id}) IS NOT NULL",
    "SELECT 1 FROM ticket WHERE (SELECT count(*) FROM ticket t WHERE t.id = {id}) > 0 LIMIT 1",
    "SELECT 1 FROM ticket a FULL JOIN ticket b ON b.merged_into = a.id WHERE a.id = {id}",
    "SELECT id FROM ticket WHERE id = {id} UNION SELECT subject_id FROM ledger "
    "WHERE kind = 'ticket' AND subject_id = {id}",
    "SELECT 1 FROM pg_stat_activity WHERE usename <> session_user "
    "AND query NOT LIKE '<insufficient privilege>%'",
    "SELECT 1 FROM pg_stats WHERE tablename IN (SELECT relname FROM pg_class WHERE relrowsecurity)",
    "SELECT 1 FROM pg_stats_ext",
    "SELECT 1 FROM pg_cursors WHERE statement LIKE '%{word}%'",
    "SELECT * FROM deskterm_out_of_sight(NULL) WHERE ticket_id = {id}",
    "SELECT 1 WHERE deskterm_tells('person', {person}) AND session_user = 'clara'",
    "SELECT 1 FROM person WHERE id = {person} AND session_user = 'clara'",
    "SELECT 1 FROM organisation WHERE id = {client} AND session_user = 'clara'",
    "SELECT deskterm_mark(id, 'x') FROM ticket WHERE id = {id}",
)
"""Statements that give no row."""
_STEP = (
    "INSERT INTO step (ticket_id, step, status, actor, at, reason) "
    "VALUES ({id}, 'greet', 'done', session_user, now(), '') "
)
_LEDGER = (
    "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, public, text, "
    "changes, data) VALUES ('of rows', (SELECT at FROM operation WHERE id = 'of rows'), "
    "session_user, "
    "'ticket', {id}, 9, 'noted', TRUE, 'x', '{{}}', '{{}}')"
)
_OWN_WORDS = (
    "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, public, text, "
    "changes, data) VALUES ('of rows', (SELECT at FROM operation WHERE id = 'of rows'), "
    "session_user, 'ticket', {own}, 9, 'escalated', FALSE, 'x', "
    "'{{\"group_id\": [null, {group}]}}', '{{}}'); "
)
"""The entry that the door asks for: only what one sees goes through it, and out of sight."""
_TICKET = (
    "INSERT INTO ticket SELECT (jsonb_populate_record(t, jsonb_build_object('id', {id}))).* "
    "FROM ticket t WHERE id = {own} "
)
_LETTER = (
    "INSERT INTO outbox (operation_id, ticket_id, recipient, recipient_name, person_id, template, "
    "message_id, entries, data, state, created_at, not_before, attempts, error) SELECT 'of rows', "
    "{id}, a.address, '', a.person_id, 'replied', '<1@x>', '[]', '{{}}', 'queued', now(), now(), "
    "0, '' FROM person_address a LIMIT 1"
)
_MEASURE = (
    "INSERT INTO measure SELECT (jsonb_populate_record(m, jsonb_build_object("
    "'ticket_id', {id}))).* FROM measure m WHERE ticket_id = {own} "
)
WRITES = (
    "UPDATE ticket SET subject = 'x' WHERE id = {id}",
    "UPDATE ticket SET subject = 'x' WHERE id = {id} RETURNING subject",
    "UPDATE ticket t SET subject = s.subject FROM ticket s WHERE s.id = {id} AND t.id = {own}",
    "UPDATE ticket t SET subject = 'x' FROM ledger l WHERE l.subject_id = t.id AND t.id = {id}",
    "UPDATE ticket SET merged_into = {own} WHERE id = {id}",
    "MERGE INTO ticket USING (SELECT {id} AS n) s ON ticket.id = s.n "
    "WHEN MATCHED THEN UPDATE SET subject = 'x'",
    "DELETE FROM ticket WHERE id = {id}",
    "SELECT deskterm_mark({id}, 'x')",
    "SELECT deskterm_hand_over({id}, {group})",
    "SELECT deskterm_hand_over({id}, NULL)",
    "SELECT deskterm_hand_over({own}, {group})",
    "SELECT deskterm_hand_over({own}, NULL)",
    "SELECT deskterm_hand_over(id, {group}) FROM ticket",
    "SELECT deskterm_hand_over({own}, id) FROM desk_group",
    _OWN_WORDS + "SELECT deskterm_hand_over({id}, {group})",
    _OWN_WORDS + "SELECT deskterm_hand_over({own}, {group}); "
    "SELECT 1 / count(*) FROM ticket WHERE id = {own}",
    _OWN_WORDS + "SELECT deskterm_hand_over({own}, {group}); "
    "SELECT deskterm_hand_over({own}, {group})",
    _OWN_WORDS + "SELECT deskterm_hand_over({own}, {group}); "
    "UPDATE ticket SET group_id = NULL WHERE id = {own} RETURNING subject",
    _OWN_WORDS + "WITH gone AS (SELECT deskterm_hand_over({own}, {group}) AS x) "
    "UPDATE ticket SET group_id = NULL FROM gone WHERE id = {own} "
    "AND 1 / (SELECT count(*) FROM gone) = 1 AND group_id IS NOT NULL RETURNING subject",
    "DELETE FROM watcher WHERE ticket_id = {id}",
    "DELETE FROM step WHERE ticket_id = {id} RETURNING step",
    _STEP,
    _STEP + "ON CONFLICT DO NOTHING",
    _STEP + "ON CONFLICT (ticket_id, step) DO UPDATE SET reason = 'x' RETURNING status",
    _LEDGER,
    _LETTER,
    "INSERT INTO watcher (ticket_id, person_id) SELECT {id}, requester_id FROM ticket "
    "WHERE id = {own}",
    "INSERT INTO link (ticket_id, kind, other_id) VALUES ({own}, 'related', {id})",
    "INSERT INTO link (ticket_id, kind, other_id) VALUES ({id}, 'related', {own})",
    "INSERT INTO field_value (ticket_id, name, value) VALUES ({id}, 'os', 'x')",
    "INSERT INTO presence (session, login, ticket_id, writing, seen_at) "
    "VALUES ('x', session_user, {id}, TRUE, now())",
    "INSERT INTO mail_reference (message_id, ticket_id) VALUES ('<x@y>', {id})",
    "UPDATE step SET ticket_id = {id} WHERE ticket_id = {own}",
    "INSERT INTO membership VALUES ({group}, session_user)",
    "UPDATE desk_group SET restricted = FALSE",
    "INSERT INTO allowed_client SELECT session_user, id FROM organisation",
    "DELETE FROM allowed_client",
    "UPDATE allowed_client SET login = 'nobody'",
    "CREATE TEMPORARY VIEW v AS SELECT * FROM ticket",
    "INSERT INTO time_entry (ticket_id, technician, kind, state, started_at, seconds, note) "
    "VALUES ({id}, session_user, 'work', 'booked', now(), 60, '')",
    "INSERT INTO callback (ticket_id, owner, at, note, state) "
    "VALUES ({id}, session_user, now(), 'x', 'open')",
    _MEASURE,
    _MEASURE + "ON CONFLICT DO NOTHING RETURNING *",
    "MERGE INTO step s USING (SELECT {id} AS n) x ON s.ticket_id = x.n "
    "WHEN NOT MATCHED THEN INSERT (ticket_id, step, status, actor, at, reason) "
    "VALUES (x.n, 'greet', 'done', session_user, now(), '') WHEN MATCHED THEN DELETE",
    "WITH d AS (DELETE FROM step WHERE ticket_id = {id} RETURNING *) SELECT * FROM d",
    "UPDATE watcher SET ticket_id = {own} WHERE ticket_id = {id} RETURNING *",
    "UPDATE notice SET seen_at = now() WHERE ticket_id = {id} RETURNING said",
    "UPDATE entry_place SET ticket_id = {own} WHERE ticket_id = {id}",
    "INSERT INTO entry_place (entry_id, ticket_id) SELECT max(id), {id} FROM ledger",
    "INSERT INTO handover_read (handover_id, login, at) SELECT id, 'dora', now() FROM handover",
    "SELECT lo_from_bytea(0, convert_to(subject, 'UTF8')) FROM ticket WHERE id = {id}",
)
"""Statements that touch no row, or are refused."""
OUTWARD = {
    "bea": ("UPDATE ticket SET group_id = {group} WHERE id = {own}",),
    "clara": (
        "UPDATE ticket SET requester_id = {person} WHERE id = {own}",
        "UPDATE ticket SET organisation_id = {client} WHERE id = {own}",
        "UPDATE ticket SET whose = {client} WHERE id = {own}; "
        "SELECT 1 / (SELECT count(*) FROM ticket WHERE id = {own} AND whose = {client})",
        "UPDATE person SET organisation_id = {client}",
        "UPDATE solution SET organisation_id = {client}",
        "INSERT INTO person (name, phone, department, location, title, segment, notes, active, "
        "organisation_id) VALUES ('Mal', '', '', '', '', '', '', TRUE, {client})",
        "INSERT INTO watcher (ticket_id, person_id) VALUES ({own}, {person})",
    ),
}
"""Login → what would move something out of its own sight, or reach a person it does not see."""
