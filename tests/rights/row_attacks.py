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
