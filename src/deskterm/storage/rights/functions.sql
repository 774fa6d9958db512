-- What the server decides by itself. Laid by rights/laying.py; {schema} is where the desk lies.
-- A session is *bound* where its login is not the owner of the desk's tables (nor a superuser):
-- the owner makes, imports, restores and repairs the desk, and may say who did what and when.

-- Whom the server knew the writer of an operation as, and the transaction that claimed it: what is
-- told and changed under it is of the same one.
ALTER TABLE operation ADD COLUMN IF NOT EXISTS known_as text NOT NULL DEFAULT '';
ALTER TABLE operation ALTER COLUMN known_as SET DEFAULT session_user;
ALTER TABLE operation ADD COLUMN IF NOT EXISTS xact bigint NOT NULL DEFAULT 0;
ALTER TABLE operation ALTER COLUMN xact SET DEFAULT (pg_current_xact_id()::text::bigint);

-- Without a search path of its own, so that the server writes it into what asks: those have theirs.
CREATE OR REPLACE FUNCTION deskterm_role(kind text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT 'deskterm_' || CASE WHEN length(current_database()) <= 40 THEN current_database()::text
    ELSE left(current_database(), 31) || '_' || left(md5(current_database()), 8) END || '_' || kind
$$;

CREATE OR REPLACE FUNCTION deskterm_bound() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT pg_has_role(session_user, current_user, 'MEMBER')
$$;

CREATE OR REPLACE FUNCTION deskterm_is(kind text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
  SELECT coalesce(pg_has_role(session_user, to_regrole(quote_ident(deskterm_role(kind)))::oid, 'MEMBER'), false)
$$;

-- Who sees what (sight.py): asked once a statement, in PL/pgSQL because that keeps its plans. A login
-- that `team restrict` gave clients sees these alone; of a restricted group its members see the
-- tickets, and managers. Workers, auditors and the backup see everything, as the owner does.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'ticket'::regclass AND attname = 'whose' AND NOT attisdropped) THEN
    ALTER TABLE ticket ADD COLUMN whose integer;
    UPDATE ticket t SET whose = coalesce(t.organisation_id, p.organisation_id) FROM person p
      WHERE p.id = t.requester_id AND coalesce(t.organisation_id, p.organisation_id) IS NOT NULL;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION deskterm_clients() RETURNS integer[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE mine integer[]; gone boolean;
BEGIN
  SELECT array_agg(organisation_id) FILTER (WHERE login = session_user), bool_or(to_regrole(quote_ident(login)) IS NULL)
    INTO mine, gone FROM allowed_client;
  IF mine IS NULL AND gone AND deskterm_person() AND NOT EXISTS
       (SELECT FROM ledger WHERE kind = 'team' AND changes::jsonb ? ('role.' || session_user)) THEN
    RETURN '{}'; -- somebody was kept to clients under a name that is gone: a stranger may be them
  END IF;
  RETURN mine;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_hidden_groups() RETURNS integer[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE hidden integer[];
BEGIN
  hidden := coalesce((SELECT array_agg(g.id) FROM desk_group g WHERE g.restricted AND NOT EXISTS
    (SELECT FROM membership m WHERE m.group_id = g.id AND m.login = session_user)), '{}');
  IF hidden = '{}' OR deskterm_sees_groups() THEN RETURN '{}'; END IF;
  RETURN hidden;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_sees_groups() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE ours text := deskterm_role('');
BEGIN -- no query in it: the server works such expressions out without a plan
  RETURN coalesce(pg_has_role(session_user, to_regrole(quote_ident(ours || 'manager'))::oid, 'MEMBER'), false)
    OR coalesce(pg_has_role(session_user, to_regrole(quote_ident(ours || 'worker'))::oid, 'MEMBER'), false)
    OR coalesce(pg_has_role(session_user, to_regrole(quote_ident(ours || 'auditor'))::oid, 'MEMBER'), false)
    OR coalesce(pg_has_role(session_user, to_regrole(quote_ident(ours || 'backup'))::oid, 'MEMBER'), false)
    OR pg_has_role(session_user, current_user, 'MEMBER');
END
$$;

-- Whether somebody who is kept to clients may read what the ledger tells of another thing than a ticket:
-- asked of such entries alone, and in one call, for a policy with all these tables is long in planning.
CREATE OR REPLACE FUNCTION deskterm_tells(kind_ text, subject bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE mine integer[] := deskterm_clients();
BEGIN
  RETURN mine IS NULL OR CASE kind_
    WHEN 'organisation' THEN subject = ANY (mine)
    WHEN 'person' THEN EXISTS (SELECT FROM person WHERE id = subject AND organisation_id = ANY (mine))
    WHEN 'device' THEN EXISTS (SELECT FROM device d JOIN person p ON p.id = d.person_id
      WHERE d.id = subject AND p.organisation_id = ANY (mine))
    WHEN 'problem' THEN EXISTS (SELECT FROM problem WHERE id = subject AND coalesce(organisation_id = ANY (mine), true))
    WHEN 'announcement' THEN EXISTS (SELECT FROM announcement WHERE id = subject AND coalesce(organisation_id = ANY (mine), true))
    WHEN 'offer' THEN EXISTS (SELECT FROM offer o WHERE o.id = subject AND (o.clients = 0
      OR EXISTS (SELECT FROM offer_organisation WHERE offer_id = o.id AND organisation_id = ANY (mine))))
    WHEN 'improvement' THEN EXISTS (SELECT FROM improvement WHERE id = subject AND organisation_id = ANY (mine))
    WHEN 'text' THEN EXISTS (SELECT FROM canned_text WHERE id = subject AND coalesce(organisation_id = ANY (mine), true))
    WHEN 'solution' THEN EXISTS (SELECT FROM solution WHERE id = subject AND coalesce(organisation_id = ANY (mine), true)
      AND (published_at IS NOT NULL OR source_ticket_id IS NULL OR deskterm_sees(source_ticket_id)))
    ELSE false END;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_sees_all() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  RETURN deskterm_clients() IS NULL AND deskterm_hidden_groups() = '{}';
END
$$;

-- Full-text search cannot use its index under a policy, for the server does not know that matching
-- gives nothing away: this does it as the owner, and gives the numbers of what the login may see.
CREATE OR REPLACE FUNCTION deskterm_found(match text, most bigint) RETURNS SETOF integer LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE text text := 'SELECT id FROM ticket WHERE search @@ to_tsquery(''deskterm_search'', $1)';
BEGIN
  IF NOT deskterm_sees_all() THEN text := text || $c$ AND {not_hidden}$c$; END IF;
  IF most IS NOT NULL THEN text := text || ' ORDER BY id DESC LIMIT $2'; END IF;
  RETURN QUERY EXECUTE text USING match, most;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_walls() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$ SELECT count(*) > 1 FROM organisation $$;

-- Whether there is a ticket of that number that the login may not see; one that is yet to be made is none.
CREATE OR REPLACE FUNCTION deskterm_hides(number bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM ticket WHERE id = number AND ({not_hidden}) IS NOT TRUE);
END
$$;

CREATE OR REPLACE FUNCTION deskterm_sees(number bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM ticket WHERE id = number AND {not_hidden});
END
$$;

-- The one door into a group that somebody does not see: out of their own sight, never into it. Only the
-- group changes, of a ticket that they see, as an entry of the same transaction tells; nothing is given back.
CREATE OR REPLACE FUNCTION deskterm_hand_over(ticket_ integer, group_ integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT deskterm_sees(ticket_) THEN
    PERFORM deskterm_refuse('that ticket is none that you see.');
  ELSIF NOT coalesce(group_ = ANY (deskterm_hidden_groups()), false) THEN
    PERFORM deskterm_refuse('that is no group whose tickets are hidden from you.');
  ELSIF NOT EXISTS (SELECT FROM ledger l JOIN operation o ON o.id = l.operation_id
      WHERE l.kind = 'ticket' AND l.subject_id = ticket_ AND o.actor = session_user
      AND o.xact = deskterm_xact() AND l.changes::jsonb #>> '{group_id,1}' = group_::text) THEN
    PERFORM deskterm_refuse('that a ticket goes to another group is told by the ledger.');
  END IF;
  UPDATE ticket SET group_id = group_ WHERE id = ticket_;
  UPDATE measure SET group_id = group_ WHERE ticket_id = ticket_;
END
$$;

-- Of one's own operations (one, or the newest) those with tickets that one does not see any more, and
-- the group that one handed each to: what whoever did it knows. Undo says it.
CREATE OR REPLACE FUNCTION deskterm_out_of_sight(one text) RETURNS TABLE (operation_id text, ticket_id integer, group_name text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
  SELECT l.operation_id, t.id, max(g.name)
  FROM (SELECT id FROM operation WHERE actor = session_user AND (one IS NULL OR id = one) ORDER BY at DESC LIMIT 50) o
  JOIN ledger l ON l.operation_id = o.id AND l.kind = 'ticket'
  JOIN (SELECT id FROM ticket WHERE ({not_hidden}) IS NOT TRUE) t ON t.id = l.subject_id
  LEFT JOIN desk_group g ON g.id::text = l.changes::jsonb #>> '{group_id,1}'
  GROUP BY l.operation_id, t.id
$$;

-- Where somebody is at home who is kept to one client: whoever they make known belongs there.
CREATE OR REPLACE FUNCTION deskterm_home() RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
  SELECT min(organisation_id) FROM allowed_client WHERE login = session_user HAVING count(*) = 1
$$;

-- Open tickets are counted from here, whoever asks: all that a policy looks at stands in it.
CREATE INDEX IF NOT EXISTS deskterm_open ON ticket (group_id, whose) WHERE is_open;
CREATE INDEX IF NOT EXISTS deskterm_attachment_blob ON attachment (sha256);
CREATE INDEX IF NOT EXISTS deskterm_inbox_blob ON inbox (sha256);
CREATE INDEX IF NOT EXISTS deskterm_outbox_blob ON outbox (sha256);

-- A ticket is its requester's organisation's, unless it was left to another one.
CREATE OR REPLACE FUNCTION deskterm_whose_ticket() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  NEW.whose := coalesce(NEW.organisation_id, (SELECT organisation_id FROM person WHERE id = NEW.requester_id));
  RETURN NEW;
END
$$;

-- After an update, for a trigger before it would let the server make the search words anew each time.
CREATE OR REPLACE FUNCTION deskterm_whose_now() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE wanted integer := coalesce(NEW.organisation_id, (SELECT organisation_id FROM person WHERE id = NEW.requester_id));
BEGIN
  IF NOT coalesce(wanted = ANY (deskterm_clients()), deskterm_clients() IS NULL) THEN
    PERFORM deskterm_refuse('that would make the ticket a client''s that you do not see.');
  ELSIF wanted IS DISTINCT FROM NEW.whose THEN
    UPDATE ticket SET whose = wanted WHERE id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_whose_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  UPDATE ticket SET whose = NEW.organisation_id WHERE requester_id = NEW.id AND organisation_id IS NULL;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_xact() RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$ SELECT pg_current_xact_id()::text::bigint $$;

CREATE OR REPLACE FUNCTION deskterm_refuse(said text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'deskterm: %', said USING ERRCODE = 'insufficient_privilege'; END
$$;

-- An operation is its login's own, at the server's time. A worker says on whose behalf it acts:
-- `actor` is what it says, `login` what the server knows.
CREATE OR REPLACE FUNCTION deskterm_operation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT deskterm_bound() THEN RETURN NEW; END IF;
  NEW.known_as := session_user;
  NEW.xact := deskterm_xact();
  IF deskterm_is('worker') THEN
    IF NEW.actor <> session_user AND NEW.actor NOT IN ('customer', 'mail', 'desk', 'import')
       AND NOT EXISTS (SELECT FROM technician WHERE login = NEW.actor AND active) THEN
      PERFORM deskterm_refuse(format('%s is no technician on whose behalf a worker could act.', NEW.actor));
    END IF;
    IF abs(extract(epoch FROM NEW.at - clock_timestamp())) > 5 THEN NEW.at := clock_timestamp(); END IF;
  ELSIF NEW.actor <> session_user THEN
    PERFORM deskterm_refuse(format('this database knows you as %s, not as %s; after a login was renamed, start deskterm anew.', session_user, NEW.actor));
  ELSE
    NEW.at := clock_timestamp();
  END IF;
  RETURN NEW;
END
$$;

-- An entry belongs to an operation of the same transaction, and has its time and its actor. What a
-- customer told a technician (a ticket opened for them, or split from another) and what the desk's
-- own rules did with a new ticket are the only words that are not the operation's own.
CREATE OR REPLACE FUNCTION deskterm_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE mine record;
BEGIN
  IF NOT deskterm_bound() THEN RETURN NEW; END IF;
  SELECT o.actor, o.at INTO mine FROM operation o
    WHERE o.id = NEW.operation_id AND o.xact = deskterm_xact();
  IF NOT FOUND THEN
    PERFORM deskterm_refuse('an entry of the ledger needs an operation of the same transaction.');
  ELSIF NEW.at <> mine.at THEN
    PERFORM deskterm_refuse('when something happened is said by the server, not by you.');
  ELSIF NEW.actor <> mine.actor AND NOT deskterm_is('worker')
    AND NOT (NEW.actor = 'customer' AND NEW.event = 'opened' AND NEW.person_id IS NOT NULL)
    AND NOT (NEW.actor = 'desk' AND NEW.event = 'changed' AND NEW.data::jsonb ? 'rule') THEN
    PERFORM deskterm_refuse(format('this database knows you as %s, not as %s; after a login was renamed, start deskterm anew.', session_user, NEW.actor));
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_bound() THEN PERFORM deskterm_refuse('nobody but the owner of the desk empties ' || TG_TABLE_NAME || '.'); END IF;
  RETURN NULL;
END
$$;

-- The secrets that sign letters: only workers get them. Whoever else writes a letter gets its mark.
CREATE OR REPLACE FUNCTION deskterm_secrets() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
  SELECT array_agg(value ORDER BY id DESC) FROM secret
  WHERE name = 'token' AND (NOT deskterm_bound() OR deskterm_is('worker'))
$$;

-- HMAC-SHA256 in base32 like mail/tokens.py, for Message-IDs alone: the newest secret signs.
CREATE OR REPLACE FUNCTION deskterm_mark(ticket bigint, rest text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE key bytea; inner_pad bytea; outer_pad bytea; bits bit(80); mark text := '';
BEGIN
  IF deskterm_hides($1) THEN
    PERFORM deskterm_refuse('that ticket is none that you see.');
  END IF;
  SELECT convert_to(value, 'UTF8') INTO key FROM secret WHERE name = 'token' ORDER BY id DESC LIMIT 1;
  IF length(key) > 64 THEN key := sha256(key); END IF;
  key := key || decode(repeat('00', 64 - length(key)), 'hex');
  inner_pad := key; outer_pad := key;
  FOR n IN 0..63 LOOP
    inner_pad := set_byte(inner_pad, n, get_byte(key, n) # 54);
    outer_pad := set_byte(outer_pad, n, get_byte(key, n) # 92);
  END LOOP;
  bits := ('x' || encode(substr(sha256(outer_pad || sha256(inner_pad
    || convert_to(concat_ws(chr(31), 'message', ticket, rest), 'UTF8'))), 1, 10), 'hex'))::bit(80);
  FOR n IN 0..15 LOOP
    mark := mark || substr('abcdefghijklmnopqrstuvwxyz234567', substring(bits FROM 5 * n + 1 FOR 5)::bit(5)::int + 1, 1);
  END LOOP;
  RETURN mark;
END
$$;

-- Asked before a commit: does one of the newest entries about it come from this transaction?
CREATE OR REPLACE FUNCTION deskterm_told(kind_ text, subject bigint, what text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM (SELECT operation_id FROM ledger WHERE kind = kind_ AND subject_id = subject
                 ORDER BY id DESC LIMIT 50) l
    JOIN operation o ON o.id = l.operation_id WHERE o.xact = deskterm_xact()) THEN
    PERFORM deskterm_refuse(format('a change of %s needs an entry about it in the ledger (%s %s).', what, kind_, subject));
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_has_claimed() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
  SELECT EXISTS (SELECT FROM operation WHERE actor = session_user
                 AND at >= transaction_timestamp() AND xact = deskterm_xact())
$$;

CREATE OR REPLACE FUNCTION deskterm_claimed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_bound() AND NOT deskterm_is('worker') AND NOT deskterm_has_claimed() THEN
    PERFORM deskterm_refuse(format('a change of %s needs an operation of yours.', TG_TABLE_NAME));
  END IF;
  RETURN NULL;
END
$$;

-- Whether somebody has to be asked about whose a row is: a person, not the worker nor the owner.
CREATE OR REPLACE FUNCTION deskterm_person() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$ SELECT deskterm_bound() AND NOT deskterm_is('worker') $$;

CREATE OR REPLACE FUNCTION deskterm_own_draft() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_bound() AND session_user <> ANY (ARRAY[
    CASE WHEN TG_OP = 'INSERT' THEN NEW.owner ELSE OLD.owner END,
    CASE WHEN TG_OP = 'DELETE' THEN OLD.owner ELSE NEW.owner END]) THEN
    PERFORM deskterm_refuse('a draft is its writer''s alone.');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_own_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_person() AND (OLD.login <> session_user OR NEW.login <> session_user) THEN
    PERFORM deskterm_refuse('a notice is seen by whoever it was for.');
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_own_technician() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT deskterm_bound() OR (TG_OP = 'INSERT' AND EXISTS (SELECT FROM technician WHERE login = NEW.login)) THEN
    RETURN NEW; -- who is known already stays as they are
  END IF;
  IF deskterm_is('manager') THEN
    IF TG_OP = 'UPDATE' AND NEW.login IS DISTINCT FROM OLD.login THEN
      PERFORM deskterm_refuse('a login keeps its name here: it is the server''s.');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.login <> session_user OR (TG_OP = 'UPDATE' AND OLD.login <> session_user) THEN
    PERFORM deskterm_refuse('managers change what a technician is; you change how you are told of things.');
  ELSIF (TG_OP = 'INSERT' AND (NEW.level <> 1 OR NOT NEW.active))
     OR (TG_OP = 'UPDATE' AND (NEW.level <> OLD.level OR NEW.active <> OLD.active)) THEN
    PERFORM deskterm_refuse('managers set a technician''s level, and whether one is active.');
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_own_counter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT deskterm_bound() OR TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF NEW.name <> OLD.name OR abs(NEW.value::bigint - OLD.value) > 100000
     OR (NEW.name = 'ticket' AND NEW.value < (SELECT coalesce(max(id), 0) FROM ticket)) THEN
    PERFORM deskterm_refuse('numbers are counted up, one after the other.');
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_own_blob() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_bound() AND NEW.sha256 <> encode(sha256(NEW.bytes), 'hex') THEN
    PERFORM deskterm_refuse('bytes are kept under their own hash.');
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_own_guide() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_person() AND NEW.actor <> session_user THEN
    PERFORM deskterm_refuse(format('this database knows you as %s, not as %s; after a login was renamed, start deskterm anew.', session_user, NEW.actor));
  END IF;
  RETURN NEW;
END
$$;

-- A letter goes to an address of the person it is for, and tells of nothing internal. Whoever may
-- not send it may hold it back or let it go again, nothing else.
CREATE OR REPLACE FUNCTION deskterm_own_outbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT deskterm_person() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND NOT (OLD.state IN ('queued', 'failed', 'withdrawn') AND NEW.state IN ('queued', 'withdrawn', OLD.state)) THEN
    PERFORM deskterm_refuse('a letter that a worker has taken is the worker''s.');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' OR NEW.sha256 IS NOT NULL OR NEW.holder IS NOT NULL THEN
      PERFORM deskterm_refuse('a letter begins in the queue, unwritten.');
    ELSIF NOT EXISTS (SELECT FROM operation WHERE id = NEW.operation_id AND xact = deskterm_xact()) THEN
      PERFORM deskterm_refuse('a letter belongs to an operation of the same transaction.');
    ELSIF NOT EXISTS (SELECT FROM person_address WHERE address = NEW.recipient AND person_id = NEW.person_id)
      OR NOT (deskterm_clients() IS NULL OR EXISTS (SELECT FROM person WHERE id = NEW.person_id AND organisation_id = ANY (deskterm_clients()))) THEN
      PERFORM deskterm_refuse('a letter goes to an address of the person it is for.');
    END IF;
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements_text(NEW.entries::jsonb) e JOIN ledger l ON l.id = e::bigint
             WHERE l.kind = 'ticket' AND NOT l.public AND l.event IN ('noted', 'attached')) THEN
    PERFORM deskterm_refuse('a letter tells of nothing internal.');
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_own_taken_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_bound() AND NOT EXISTS (SELECT FROM operation WHERE actor = session_user AND undoes IS NOT NULL
                                      AND at >= transaction_timestamp() AND xact = deskterm_xact()) THEN
    PERFORM deskterm_refuse('what does not hold any more is what was undone.');
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END
$$;

-- What is asked of an outside tracker begins in the queue, with an operation of one's own, and says
-- what it said then: whoever asks it may note only what became of it.
CREATE OR REPLACE FUNCTION deskterm_own_errand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF NOT deskterm_person() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.operation_id, OLD.problem_id, OLD.tracker, OLD.kind, OLD.words, OLD.anyway)
       IS DISTINCT FROM (NEW.operation_id, NEW.problem_id, NEW.tracker, NEW.kind, NEW.words, NEW.anyway) THEN
      PERFORM deskterm_refuse('an errand says what it said when it was begun.');
    END IF;
  ELSIF NEW.state <> 'queued' OR NEW.request <> '' OR NEW.holder IS NOT NULL THEN
    PERFORM deskterm_refuse('an errand begins in the queue, unwritten.');
  ELSIF NOT EXISTS (SELECT FROM operation WHERE id = NEW.operation_id AND xact = deskterm_xact()) THEN
    PERFORM deskterm_refuse('an errand belongs to an operation of the same transaction.');
  END IF;
  RETURN NEW;
END
$$;
