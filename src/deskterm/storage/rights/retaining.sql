-- Retention by managers and workers (decision 0032): what is covered is worked out by the program, as
-- for an owner; the server looks whether it is due by the rules that the desk keeps, and that every new
-- value is the old one with nothing but what is due covered. Nobody gets a right to any table for it.
-- All but the last function answer as whoever asks: what somebody does not see is due for them never.

CREATE OR REPLACE FUNCTION deskterm_may_retain() RETURNS boolean LANGUAGE sql STABLE
SET search_path = {schema}, pg_temp AS $$
  SELECT NOT deskterm_bound() OR deskterm_is('worker') OR deskterm_is('manager') AND deskterm_clients() IS NULL
$$;

-- Before when a ticket of a category must have been closed, by the rule that stands nearest; NULL: no rule.
CREATE OR REPLACE FUNCTION deskterm_kept_since(category_ integer, what_ text) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = {schema}, pg_temp AS $$
  SELECT clock_timestamp() - make_interval(days => r.days) FROM retention r
  LEFT JOIN category c ON c.id = r.category_id LEFT JOIN category mine ON mine.id = category_
  WHERE r.active AND r.what = what_
    AND (r.category_id IS NULL OR mine.path = c.path OR starts_with(mine.path, c.path || '/'))
  ORDER BY length(c.path) DESC NULLS LAST, r.days DESC LIMIT 1
$$;

-- Whether a ticket's time is over, and that of all it was merged into. When it was closed says the
-- ledger, whose times are the server's: what stands on the ticket its writer could have set.
CREATE OR REPLACE FUNCTION deskterm_due(ticket_ integer, what_ text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = {schema}, pg_temp AS $$
DECLARE one record; seen integer[] := '{}'; next_ integer := ticket_; since timestamptz;
BEGIN
  LOOP
    SELECT id, merged_into, category_id INTO one FROM ticket WHERE id = next_;
    IF NOT FOUND OR next_ = ANY (seen) THEN RETURN false; END IF;
    seen := seen || next_;
    EXIT WHEN one.merged_into IS NULL;
    next_ := one.merged_into;
  END LOOP;
  since := deskterm_kept_since(one.category_id, what_);
  RETURN since IS NOT NULL AND NOT EXISTS (SELECT FROM ticket t WHERE t.id = ANY (seen) AND NOT coalesce(
    coalesce(t.closed_at, t.updated_at) < since AND coalesce(
      (SELECT l.at < since AND l.changes::jsonb #>> '{closed_at,1}' IS NOT NULL FROM ledger l
       WHERE l.kind = 'ticket' AND l.subject_id = t.id AND l.changes::jsonb ? 'closed_at' ORDER BY l.id DESC LIMIT 1),
      NOT EXISTS (SELECT FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id AND l.at >= since))
    AND {free}, false));
END
$$;

CREATE OR REPLACE FUNCTION deskterm_people(person_ integer) RETURNS integer[] LANGUAGE sql STABLE
SET search_path = {schema}, pg_temp AS $$ {merged} SELECT array_agg(id) FROM merged $$;

-- Whether somebody's time is over: nobody needs them, and nobody changed what is known of them since;
-- else whoever wants a word covered anywhere would only have to call somebody by it.
CREATE OR REPLACE FUNCTION deskterm_due_person(person_ integer) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = {schema}, pg_temp AS $$
DECLARE everyone integer[] := deskterm_people(person_); since timestamptz;
BEGIN
  SELECT deskterm_kept_since(category_id, 'people') INTO since FROM ticket
    WHERE requester_id = person_ ORDER BY id DESC LIMIT 1;
  RETURN since IS NOT NULL
    AND NOT EXISTS (SELECT FROM ticket WHERE requester_id = ANY (everyone) AND NOT deskterm_due(id, 'people'))
    AND EXISTS (SELECT FROM person p WHERE p.id = person_ AND {needless})
    AND NOT EXISTS (SELECT FROM ledger l WHERE l.kind = 'person' AND l.subject_id = ANY (everyone) AND l.at >= since
      AND (l.event <> 'opened' OR EXISTS (SELECT FROM ledger b WHERE b.kind = 'person' AND b.subject_id = l.subject_id AND b.id < l.id)));
END
$$;

-- What finds the words of people, as domain/veil.py does: names of several words, addresses and numbers;
-- with `alone` each name by itself as well.
CREATE OR REPLACE FUNCTION deskterm_words(everyone integer[], alone boolean) RETURNS text LANGUAGE sql STABLE
SET search_path = {schema}, pg_temp AS $$
  WITH said (kind, word) AS (
    SELECT 'name', name FROM person WHERE id = ANY (everyone)
    UNION SELECT 'phone', phone FROM person WHERE id = ANY (everyone)
    UNION SELECT 'address', address FROM person_address WHERE person_id = ANY (everyone)
    UNION SELECT e.key, v FROM ledger l, jsonb_each(l.changes::jsonb) e, jsonb_array_elements_text(e.value) v
      WHERE l.kind = 'person' AND l.subject_id = ANY (everyone) AND e.key IN ('name', 'phone')
    UNION SELECT 'address', substr(e.key, 9) FROM ledger l, jsonb_each(l.changes::jsonb) e
      WHERE l.kind = 'person' AND l.subject_id = ANY (everyone) AND starts_with(e.key, 'address.')),
  known (kind, word) AS (SELECT kind, btrim(regexp_replace(word, '\s+', ' ', 'g')) FROM said),
  found (word) AS (
    SELECT word FROM known WHERE kind = 'name' AND (alone OR word LIKE '% %') AND word <> '[forgotten]'
    UNION SELECT p FROM known, regexp_split_to_table(word, ' ') p WHERE alone AND kind = 'name' AND length(p) >= 3
    UNION SELECT word FROM known WHERE kind = 'address' AND word LIKE '%@%'
    UNION SELECT word FROM known WHERE kind = 'phone' AND length(regexp_replace(word, '\D', '', 'g')) >= 7)
  SELECT string_agg(regexp_replace(regexp_replace(word, '([^\w\s])', '\\\1', 'g'), '\s+', '\\s+', 'g'), '|' ORDER BY length(word) DESC)
  FROM found WHERE word <> ''
$$;

CREATE OR REPLACE FUNCTION deskterm_veiled(text_ text, words text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT regexp_replace(text_, concat_ws('|', '\[forgotten\]', 'forgotten-\d+-\d+@forgotten\.invalid', words), chr(1), 'gi')
$$;

-- Whether a value is another with nothing but words covered; `whole`: any value may be covered as a whole.
CREATE OR REPLACE FUNCTION deskterm_covers(old_ jsonb, new_ jsonb, words text, whole boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF old_ = new_ OR whole AND new_ = '"[forgotten]"'::jsonb THEN RETURN true;
  ELSIF jsonb_typeof(old_) IS DISTINCT FROM jsonb_typeof(new_) THEN RETURN false; END IF;
  RETURN CASE jsonb_typeof(old_)
    WHEN 'string' THEN words IS NOT NULL AND deskterm_veiled(old_ #>> '{}', words) = deskterm_veiled(new_ #>> '{}', words)
    WHEN 'array' THEN jsonb_array_length(old_) = jsonb_array_length(new_) AND NOT EXISTS
      (SELECT FROM generate_series(0, jsonb_array_length(old_) - 1) n WHERE NOT deskterm_covers(old_ -> n, new_ -> n, words, whole))
    WHEN 'object' THEN (SELECT count(*) FROM jsonb_object_keys(old_)) = (SELECT count(*) FROM jsonb_object_keys(new_)) AND NOT EXISTS
      (SELECT FROM jsonb_each(old_) o WHERE NOT EXISTS (SELECT FROM jsonb_each(new_) n WHERE
        (o.key = n.key OR words IS NOT NULL AND deskterm_veiled(o.key, words) = deskterm_veiled(n.key, words))
        AND deskterm_covers(o.value, n.value, words, whole)))
    ELSE false END;
END
$$;

CREATE OR REPLACE FUNCTION deskterm_covers_text(old_ text, new_ text, words text, whole boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = {schema}, pg_temp AS $$
BEGIN
  IF deskterm_covers(to_jsonb(old_), to_jsonb(new_), words, whole) THEN RETURN true; END IF;
  RETURN left(old_, 1) IN ('{', '[') AND deskterm_covers(old_::jsonb, new_::jsonb, words, whole);
EXCEPTION WHEN invalid_text_representation THEN RETURN false; -- words that only begin like JSON
END
$$;

-- The hash of an entry's words as storage/redactions.py makes it: JSON in ASCII.
CREATE OR REPLACE FUNCTION deskterm_ascii(text_ text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_agg(CASE WHEN n BETWEEN 32 AND 126 THEN c WHEN n < 65536 THEN '\u' || lpad(to_hex(n), 4, '0')
    ELSE '\u' || to_hex(55296 + ((n - 65536) >> 10)) || '\u' || to_hex(56320 + ((n - 65536) & 1023)) END, '' ORDER BY place), '')
  FROM regexp_split_to_table(to_json(text_)::text, '') WITH ORDINALITY s (c, place), ascii(c) n
$$;

-- The one door: writes what the rules let go of rows of one table, after looking at each. Of a ticket's
-- words (`person_` is 0) or of somebody: each row is its key (`k`) and its values from now on (`v`).
CREATE OR REPLACE FUNCTION deskterm_let_go(person_ integer, table_ text, rows_ jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = {schema}, pg_temp AS $$
DECLARE
  may jsonb := CASE person_ WHEN 0 THEN '{of_tickets}'::jsonb ELSE '{of_people}'::jsonb END;
  mine text; everyone integer[]; theirs integer[]; due integer[] := '{}'; anywhere text; alone text;
  one jsonb; here jsonb; ticket_ integer; whose boolean; which text; sets text; said record;
BEGIN
  SELECT id INTO mine FROM operation WHERE known_as = session_user AND xact = deskterm_xact() AND kind = 'retention';
  IF NOT deskterm_may_retain() THEN
    PERFORM deskterm_refuse('managers and workers let go what is due by rule; who is kept to clients does not.');
  ELSIF mine IS NULL THEN
    PERFORM deskterm_refuse('what is let go by rule needs an operation of its own.');
  ELSIF NOT may ? table_ THEN
    PERFORM deskterm_refuse(format('no rule lets anything of %s go.', table_));
  ELSIF person_ <> 0 THEN
    IF NOT deskterm_due_person(person_) THEN
      PERFORM deskterm_refuse(format('the time of person %s is not over by any rule.', person_));
    END IF;
    everyone := deskterm_people(person_);
    theirs := ARRAY(SELECT id FROM ticket WHERE requester_id = ANY (everyone));
    anywhere := deskterm_words(everyone, false);
    alone := deskterm_words(everyone, true);
    IF table_ = 'person' THEN
      {people_gone}
      RETURN;
    END IF;
  END IF;
  FOR one IN SELECT value FROM jsonb_array_elements(rows_) LOOP
    SELECT string_agg(format('x.%I = %L', key, value), ' AND ') INTO which FROM jsonb_each_text(one -> 'k');
    EXECUTE format('SELECT to_jsonb(x) FROM %I x WHERE %s FOR UPDATE', CASE table_ WHEN 'retained' THEN 'ticket' ELSE table_ END, which)
      INTO STRICT here;
    ticket_ := CASE table_
      WHEN 'ticket' THEN here ->> 'id' WHEN 'retained' THEN here ->> 'id'
      WHEN 'draft' THEN here ->> 'subject_id' WHEN 'solution' THEN here ->> 'source_ticket_id'
      WHEN 'ledger' THEN CASE here ->> 'kind'
        WHEN 'ticket' THEN here ->> 'subject_id'
        WHEN 'mail' THEN (SELECT ticket_id::text FROM inbox WHERE id = (here ->> 'subject_id')::bigint)
        WHEN 'letter' THEN (SELECT ticket_id::text FROM outbox WHERE id = (here ->> 'subject_id')::bigint)
        WHEN 'review' THEN (SELECT ticket_id::text FROM review WHERE id = (here ->> 'subject_id')::bigint) END
      ELSE here ->> 'ticket_id' END;
    IF person_ = 0 THEN
      whose := true;
      IF NOT coalesce(ticket_ = ANY (due), false) THEN
        IF ticket_ IS NULL OR NOT deskterm_due(ticket_, 'words')
           OR table_ = 'draft' AND here ->> 'kind' NOT IN ('reply', 'note') THEN
          PERFORM deskterm_refuse(format('the time of ticket %s is not over by any rule.', ticket_));
        END IF;
        due := due || ticket_;
      END IF;
    ELSE
      whose := coalesce(ticket_ = ANY (theirs) AND (table_ <> 'ledger' OR here ->> 'kind' = 'ticket'), false) OR CASE table_
        WHEN 'ledger' THEN coalesce((here ->> 'person_id')::integer = ANY (everyone), false)
          OR here ->> 'kind' = 'person' AND (here ->> 'subject_id')::integer = ANY (everyone)
          OR here ->> 'kind' = 'solution' AND (here ->> 'subject_id')::integer IN (SELECT id FROM solution WHERE source_ticket_id = ANY (theirs))
        WHEN 'inbox' THEN coalesce(deskterm_veiled(here ->> 'sender', anywhere) = chr(1), false)
          OR coalesce(deskterm_veiled(here ->> 'envelope_from', anywhere) = chr(1), false)
        WHEN 'outbox' THEN coalesce((here ->> 'person_id')::integer = ANY (everyone), false)
          OR deskterm_veiled(here ->> 'recipient', anywhere) = chr(1)
        WHEN 'attachment' THEN EXISTS (SELECT FROM ledger WHERE id = (here ->> 'entry_id')::bigint AND person_id = ANY (everyone))
        ELSE false END
        OR table_ IN ('inbox', 'outbox') AND (EXISTS (SELECT FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = ticket_
            AND concat_ws(' ', l.text, l.changes, l.data) ~* anywhere)
          OR EXISTS (SELECT FROM ticket t WHERE t.id = ticket_ AND concat_ws(' ', {words_of_ticket}) ~* anywhere));
      whose := coalesce(whose, false);
    END IF;
    IF table_ = 'retained' THEN
      INSERT INTO retained (ticket_id, version, at) SELECT id, version, clock_timestamp() FROM ticket WHERE id = ticket_
        ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version, at = excluded.at;
      CONTINUE;
    ELSIF table_ = 'draft' AND person_ = 0 THEN
      EXECUTE format('DELETE FROM draft x WHERE %s', which);
      CONTINUE;
    END IF;
    sets := NULL;
    FOR said IN SELECT key AS name, value #>> '{}' AS word FROM jsonb_each(one -> 'v') LOOP
      IF NOT (may -> table_) ? said.name
         OR said.name = 'sha256' AND NOT (whose AND EXISTS (SELECT FROM blob WHERE sha256 = said.word
           AND size < 99 AND encode(bytes, 'escape') ~ '^What stood here was forgotten on \d{4}-\d\d-\d\d\.\s*$'))
         OR said.name NOT IN ('sha256', 'folded')
           AND here ->> said.name IS DISTINCT FROM said.word
           AND NOT deskterm_covers_text(here ->> said.name, said.word, CASE WHEN whose THEN alone ELSE anywhere END, whose) THEN
        PERFORM deskterm_refuse(format('a rule lets words go and writes none (%s of %s).', said.name, table_));
      END IF;
      sets := concat_ws(', ', sets, format('%I = %L', said.name, said.word));
    END LOOP;
    IF table_ = 'ledger' THEN
      INSERT INTO redaction (entry_id, operation_id, digest, closed) VALUES ((here ->> 'id')::bigint, mine,
        encode(sha256(convert_to(format('[%s, %s, %s]', deskterm_ascii(here ->> 'text'), deskterm_ascii(here ->> 'changes'),
          deskterm_ascii(here ->> 'data')), 'UTF8')), 'hex'), false);
    END IF;
    EXECUTE format('UPDATE %I x SET %s WHERE %s', table_, sets, which);
    IF one -> 'v' ? 'sha256' THEN
      DELETE FROM blob b WHERE b.sha256 = here ->> 'sha256' AND {unread};
    END IF;
  END LOOP;
END
$$;

-- Whether a statement runs inside one of the desk's own functions: as its owner, whoever is logged in.
-- Everything in it is named whole, for it is read with the search path of whoever asks.
CREATE OR REPLACE FUNCTION deskterm_within() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.pg_has_role(current_user, relowner, 'MEMBER') FROM pg_catalog.pg_class
  WHERE oid OPERATOR(pg_catalog.=) '{schema}.operation'::pg_catalog.regclass
$$;
