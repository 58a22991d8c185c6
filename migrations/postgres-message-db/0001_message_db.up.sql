-- What clients of message-db 1.3 call, over the messages of namespace `default`: schema `message_store` with functions and
-- views, and no data of its own. What touches the tables runs as their owner, who finds them through the search path of
-- this moment, whatever the caller has; what a caller puts into a query runs as the caller, on views.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE SCHEMA message_store;

-- --- Names ---

CREATE FUNCTION message_store.category(stream_name varchar) RETURNS varchar LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT split_part(stream_name, '-', 1)
$$;
CREATE FUNCTION message_store.is_category(stream_name varchar) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(strpos(stream_name, '-') = 0, true)
$$;
CREATE FUNCTION message_store.id(stream_name varchar) RETURNS varchar LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(stream_name, '-') > 0 THEN substr(stream_name, strpos(stream_name, '-') + 1) END
$$;
CREATE FUNCTION message_store.cardinal_id(stream_name varchar) RETURNS varchar LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT split_part(message_store.id(stream_name), '+', 1)
$$;
CREATE FUNCTION message_store.hash_64(value varchar) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || left(md5(value), 16))::bit(64)::bigint
$$;
CREATE FUNCTION message_store.message_store_version() RETURNS varchar LANGUAGE sql AS $$ SELECT '1.3.0'::varchar $$;

-- --- Rows ---

CREATE TYPE message_store.message AS (
  id              varchar,
  stream_name     varchar,
  type            varchar,
  position        bigint,
  global_position bigint,
  data            varchar,
  metadata        varchar,
  time            timestamp
);

-- jsonb holds less than JSON: no NUL character and no number beyond all bounds. Such a text comes as a string.
CREATE FUNCTION message_store.to_jsonb(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN value::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN pg_catalog.to_jsonb(value);
END
$$;

-- A barrier: no function that a caller puts into a query sees messages of another namespace.
CREATE VIEW message_store.message_rows WITH (security_barrier) AS
  SELECT m.id, s.name AS stream_name, m.type, m.position, m.global_position,
         message_store.to_jsonb(m.data) AS data, message_store.to_jsonb(m.metadata) AS metadata,
         timestamp '1970-01-01' + m.time / 1000 * interval '1 microsecond' AS time,
         m.data AS data_text, m.metadata AS metadata_text, c.name AS category, m.correlation, s.group_hash
  FROM stored_messages m JOIN message_streams s ON s.ns = m.ns AND s.stream = m.stream
    JOIN message_categories c ON c.ns = m.ns AND c.category = m.category
  WHERE m.ns = (SELECT ns FROM message_namespaces WHERE id = 'default');

CREATE VIEW message_store.messages AS
  SELECT global_position, position, time, stream_name, type, data, metadata, id FROM message_store.message_rows;

-- --- Reports ---

CREATE VIEW message_store.stream_summary AS
  SELECT stream_name, count(*) AS message_count, round(count(*) * 100 / sum(count(*)) OVER (), 2) AS percent
  FROM message_store.message_rows GROUP BY stream_name ORDER BY stream_name;
CREATE VIEW message_store.type_summary AS
  SELECT type, count(*) AS message_count, round(count(*) * 100 / sum(count(*)) OVER (), 2) AS percent
  FROM message_store.message_rows GROUP BY type ORDER BY type;
CREATE VIEW message_store.stream_type_summary AS
  SELECT stream_name, type, count(*) AS message_count, round(count(*) * 100 / sum(count(*)) OVER (), 2) AS percent
  FROM message_store.message_rows GROUP BY stream_name, type ORDER BY stream_name, type;
CREATE VIEW message_store.type_stream_summary AS
  SELECT type, stream_name, count(*) AS message_count, round(count(*) * 100 / sum(count(*)) OVER (), 2) AS percent
  FROM message_store.message_rows GROUP BY type, stream_name ORDER BY type, stream_name;
CREATE VIEW message_store.category_type_summary AS
  SELECT category, type, count(*) AS message_count,
         round(count(*) * 100 / sum(count(*)) OVER (), 2) AS percent
  FROM message_store.message_rows GROUP BY category, type ORDER BY category, type;
CREATE VIEW message_store.type_category_summary AS
  SELECT type, category, count(*) AS message_count,
         round(count(*) * 100 / sum(count(*)) OVER (), 2) AS percent
  FROM message_store.message_rows GROUP BY type, category ORDER BY type, category;

-- --- Reading ---

-- Whether one of these settings of the session asks for notices.
CREATE FUNCTION message_store.debugs(setting text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT 'on' IN (current_setting('message_store.debug', true), current_setting('message_store.' || setting, true))
$$;

-- Messages of a stream, by their numbers and so by an index. Plans are made for the very values.
CREATE FUNCTION message_store.stream_page(
  stream_name varchar, start bigint, batch_size bigint, wanted_type varchar, newest boolean
) RETURNS SETOF message_store.message LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  _ns integer := (SELECT n.ns FROM message_namespaces n WHERE n.id = 'default');
  _stream bigint := (SELECT s.stream FROM message_streams s WHERE s.ns = _ns AND s.name = stream_name);
  _query text := 'SELECT m.id::varchar, $3::varchar, m.type::varchar, m.position, m.global_position, m.data::varchar, '
    'm.metadata::varchar, timestamp ''1970-01-01'' + m.time / 1000 * interval ''1 microsecond'' FROM stored_messages m '
    'WHERE m.ns = $1 AND m.stream = $2 AND m.position >= $4'
    || CASE WHEN wanted_type IS NULL THEN '' ELSE ' AND m.type = $6' END
    || ' ORDER BY m.position' || CASE WHEN newest THEN ' DESC' ELSE '' END || ' LIMIT $5';
BEGIN
  IF message_store.debugs('debug_get') THEN
    RAISE NOTICE 'stream %, from %, %: %', stream_name, start, batch_size, _query;
  END IF;
  RETURN QUERY EXECUTE _query USING _ns, _stream, stream_name, start, nullif(batch_size, -1), wanted_type;
END
$$;

CREATE FUNCTION message_store.category_page(
  category varchar, start bigint, batch_size bigint, correlation varchar, member bigint, size bigint
) RETURNS SETOF message_store.message LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  _ns integer := (SELECT n.ns FROM message_namespaces n WHERE n.id = 'default');
  _category bigint := (SELECT c.category FROM message_categories c WHERE c.ns = _ns AND c.name = category_page.category);
  _query text := 'SELECT m.id::varchar, s.name::varchar, m.type::varchar, m.position, m.global_position, '
    'm.data::varchar, m.metadata::varchar, timestamp ''1970-01-01'' + m.time / 1000 * interval ''1 microsecond'' '
    'FROM stored_messages m JOIN message_streams s ON s.ns = m.ns AND s.stream = m.stream '
    'WHERE m.ns = $1 AND m.category = $2 AND m.global_position >= $3'
    || CASE WHEN correlation IS NULL THEN '' ELSE ' AND m.correlation = $5' END
    -- The remainder first: there is no absolute value of the smallest number. CASE, because the planner takes a
    -- comparison for so selective that it would go through all messages of the member's streams.
    || CASE WHEN size IS NULL THEN '' ELSE ' AND CASE abs(s.group_hash % $7) WHEN $6 THEN true ELSE false END' END
    || ' ORDER BY m.global_position LIMIT $4';
BEGIN
  IF message_store.debugs('debug_get') THEN
    RAISE NOTICE 'category %, from %, %: %', category, start, batch_size, _query;
  END IF;
  RETURN QUERY EXECUTE _query USING _ns, _category, start, nullif(batch_size, -1), correlation, member, size;
END
$$;

-- The query for a page that a condition narrows, over the views: it runs as who wrote the condition.
CREATE FUNCTION message_store.conditional_query(filter text, condition varchar, ordering text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  _query text := 'SELECT id::varchar, stream_name::varchar, type::varchar, position, global_position, data_text::varchar, '
    'metadata_text::varchar, time FROM message_store.message_rows AS messages WHERE ' || filter
    || ' AND (' || condition || ') ORDER BY ' || ordering || ' LIMIT $3';
BEGIN
  IF coalesce(current_setting('message_store.sql_condition', true), 'off') <> 'on' THEN
    RAISE EXCEPTION 'Retrieval with SQL condition is not activated';
  END IF;
  IF message_store.debugs('debug_get') THEN
    RAISE NOTICE '%', _query;
  END IF;
  RETURN _query;
END
$$;

CREATE FUNCTION message_store.get_stream_messages(
  stream_name varchar, "position" bigint DEFAULT 0, batch_size bigint DEFAULT 1000, condition varchar DEFAULT NULL
) RETURNS SETOF message_store.message LANGUAGE plpgsql AS $$
DECLARE
  _start bigint := coalesce(get_stream_messages.position, 0);
  _batch_size bigint := coalesce(get_stream_messages.batch_size, 1000);
BEGIN
  IF message_store.is_category(get_stream_messages.stream_name) THEN
    RAISE EXCEPTION 'Must be a stream name: %', get_stream_messages.stream_name;
  END IF;
  IF condition IS NULL THEN
    RETURN QUERY SELECT * FROM message_store.stream_page(get_stream_messages.stream_name, _start, _batch_size, NULL, false);
  ELSE
    RETURN QUERY EXECUTE message_store.conditional_query(
        'stream_name = $1 AND position >= $2', condition, 'position')
      USING get_stream_messages.stream_name, _start, nullif(_batch_size, -1);
  END IF;
END
$$;

CREATE FUNCTION message_store.get_category_messages(
  category varchar, "position" bigint DEFAULT 1, batch_size bigint DEFAULT 1000, correlation varchar DEFAULT NULL,
  consumer_group_member bigint DEFAULT NULL, consumer_group_size bigint DEFAULT NULL, condition varchar DEFAULT NULL
) RETURNS SETOF message_store.message LANGUAGE plpgsql AS $$
DECLARE
  _start bigint := coalesce(get_category_messages.position, 1);
  _batch_size bigint := coalesce(get_category_messages.batch_size, 1000);
  _wrong text;
BEGIN
  IF NOT message_store.is_category(get_category_messages.category) THEN
    RAISE EXCEPTION 'Must be a category: %', get_category_messages.category;
  END IF;
  IF NOT message_store.is_category(correlation) THEN
    RAISE EXCEPTION 'Correlation must be a category (Correlation: %)', correlation;
  END IF;
  IF consumer_group_member IS NOT NULL OR consumer_group_size IS NOT NULL THEN
    _wrong := CASE
      WHEN consumer_group_member IS NULL OR consumer_group_size IS NULL
        THEN 'Consumer group member and size must be specified'
      WHEN consumer_group_size < 1 THEN 'Consumer group size must not be less than 1'
      WHEN consumer_group_member < 0 THEN 'Consumer group member must not be less than 0'
      WHEN consumer_group_member >= consumer_group_size THEN 'Consumer group member must be less than the group size'
    END;
    IF _wrong IS NOT NULL THEN
      RAISE EXCEPTION '% (Consumer Group Member: %, Consumer Group Size: %)', _wrong, consumer_group_member,
        consumer_group_size;
    END IF;
  END IF;
  IF condition IS NULL THEN
    RETURN QUERY SELECT * FROM message_store.category_page(
      get_category_messages.category, _start, _batch_size, correlation, consumer_group_member, consumer_group_size);
  ELSE
    RETURN QUERY EXECUTE message_store.conditional_query(
        'category = $1 AND global_position >= $2 AND ($4 IS NULL OR correlation = $4) AND '
        '($6 IS NULL OR abs(group_hash % $6) = $5)', condition, 'global_position')
      USING get_category_messages.category, _start, nullif(_batch_size, -1), correlation, consumer_group_member,
        consumer_group_size;
  END IF;
END
$$;

CREATE FUNCTION message_store.get_last_stream_message(stream_name varchar, type varchar DEFAULT NULL)
RETURNS SETOF message_store.message LANGUAGE sql AS $$
  SELECT * FROM message_store.stream_page(stream_name, 0, 1, get_last_stream_message.type, true)
$$;

CREATE FUNCTION message_store.stream_version(stream_name varchar) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT s.version FROM message_streams s
  WHERE s.ns = (SELECT n.ns FROM message_namespaces n WHERE n.id = 'default') AND s.name = stream_version.stream_name
$$;

-- --- Writing ---

-- JSON as everywhere in the store: without white space between its tokens. A string is passed over as a whole.
CREATE FUNCTION message_store.json_text(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(value::text, '("(?:[^"\\]|\\.)*")|([:,]) ', '\1\2', 'g')
$$;

-- Keeps everybody else from writing until the transaction ends: global positions are given in the order of commits. One
-- lock for all categories, because the order is that of the namespace.
CREATE FUNCTION message_store.acquire_lock(stream_name varchar) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  _hash bigint := message_store.hash_64(message_store.category(stream_name));
BEGIN
  PERFORM FROM message_namespaces WHERE id = 'default' FOR UPDATE;
  IF NOT FOUND THEN
    -- Without a token: nobody has one that fits.
    INSERT INTO message_namespaces (id, token_hash, description, metadata, created_at)
      VALUES ('default', '', '', '', now()) ON CONFLICT (id) DO NOTHING;
    PERFORM FROM message_namespaces WHERE id = 'default' FOR UPDATE;
  END IF;
  IF message_store.debugs('debug_write') THEN
    RAISE NOTICE 'acquire_lock: stream %, hash of its category %', stream_name, _hash;
  END IF;
  RETURN _hash;
END
$$;

CREATE FUNCTION message_store.write_message(
  id varchar, stream_name varchar, "type" varchar, data jsonb, metadata jsonb DEFAULT NULL,
  expected_version bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  _category_name varchar := message_store.category(stream_name);
  _data jsonb := coalesce(data, '{}');
  _metadata jsonb := nullif(metadata, 'null');
  _time bigint;
  _space record;
  _category bigint;
  _stream record;
  _position bigint;
BEGIN
  IF jsonb_typeof(_data) <> 'object' OR jsonb_typeof(_metadata) <> 'object' THEN
    RAISE EXCEPTION 'data and metadata of a message must be JSON objects' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM message_store.acquire_lock(stream_name);
  -- Statements of their own, so that they see what was committed while this waited.
  SELECT n.ns, n.last_global_position, n.streams, n.categories INTO _space FROM message_namespaces n
    WHERE n.id = 'default';
  SELECT s.stream, s.category, s.version INTO _stream FROM message_streams s
    WHERE s.ns = _space.ns AND s.name = stream_name;
  IF expected_version <> coalesce(_stream.version, -1) THEN
    RAISE EXCEPTION 'Wrong expected version: % (Stream: %, Stream Version: %)', expected_version, stream_name,
      coalesce(_stream.version, -1);
  END IF;
  _position := coalesce(_stream.version, -1) + 1;
  -- After the wait, so that times go with the global order.
  _time := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000;

  IF _stream.stream IS NULL THEN
    _space.streams := _space.streams + 1;
    _stream.stream := _space.streams;
    SELECT c.category INTO _category FROM message_categories c WHERE c.ns = _space.ns AND c.name = _category_name;
    IF NOT FOUND THEN
      _space.categories := _space.categories + 1;
      _category := _space.categories;
      INSERT INTO message_categories (ns, category, name, streams, messages)
        VALUES (_space.ns, _category, _category_name, 0, 0);
    END IF;
    INSERT INTO message_streams (ns, stream, category, name, group_hash, version, last_activity)
      VALUES (_space.ns, _stream.stream, _category, stream_name,
              message_store.hash_64(message_store.cardinal_id(stream_name)), _position, _time);
    UPDATE message_categories c SET streams = c.streams + 1, messages = c.messages + 1
      WHERE c.ns = _space.ns AND c.category = _category;
  ELSE
    _category := _stream.category;
    UPDATE message_streams s SET version = _position, last_activity = greatest(s.last_activity, _time)
      WHERE s.ns = _space.ns AND s.stream = _stream.stream;
    UPDATE message_categories c SET messages = c.messages + 1 WHERE c.ns = _space.ns AND c.category = _category;
  END IF;
  INSERT INTO stored_messages (ns, global_position, stream, position, category, time, id, type, correlation, data, metadata)
    VALUES (_space.ns, _space.last_global_position + 1, _stream.stream, _position, _category, _time,
            uuid(write_message.id), write_message.type,
            CASE WHEN jsonb_typeof(_metadata -> 'correlationStreamName') = 'string'
                 THEN nullif(message_store.category(_metadata ->> 'correlationStreamName'), '') END,
            message_store.json_text(_data), message_store.json_text(_metadata));
  UPDATE message_namespaces n SET last_global_position = n.last_global_position + 1, messages = n.messages + 1,
      streams = _space.streams, categories = _space.categories, last_activity = greatest(n.last_activity, _time)
    WHERE n.ns = _space.ns;
  PERFORM pg_notify('logctl_messages', 'default');

  IF message_store.debugs('debug_write') THEN
    RAISE NOTICE 'write_message: id %, stream %, type %, expected version %, position %', write_message.id, stream_name,
      write_message.type, expected_version, _position;
  END IF;
  RETURN _position;
END
$$;

-- --- Privileges ---

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA message_store FROM PUBLIC;
-- The role is for the whole server. Who may not make it makes do without: a schema can be used by any role that is
-- granted it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'message_store') THEN
    CREATE ROLE message_store LOGIN;
  END IF;
  GRANT USAGE ON SCHEMA message_store TO message_store;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA message_store TO message_store;
  GRANT SELECT ON ALL TABLES IN SCHEMA message_store TO message_store;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'there is no role message_store, and it cannot be made: %', SQLERRM;
END
$$;
