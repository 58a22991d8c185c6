-- write_message refuses what the daemon refuses as well: messages without a name or type, long names and large data. Who was
-- granted the function keeps it.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE OR REPLACE FUNCTION message_store.write_message(
  id varchar, stream_name varchar, "type" varchar, data jsonb, metadata jsonb DEFAULT NULL,
  expected_version bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  _category_name varchar := message_store.category(stream_name);
  _data jsonb := coalesce(data, '{}');
  _metadata jsonb := nullif(metadata, 'null');
  _data_text text;
  _metadata_text text;
  _bytes bigint;
  -- As a text: a setting that was once set and is gone is empty.
  _most bigint := coalesce(nullif(current_setting('message_store.max_message_bytes', true), ''), '1048576')::bigint;
  _time bigint;
  _space record;
  _category bigint;
  _stream record;
  _position bigint;
BEGIN
  IF jsonb_typeof(_data) <> 'object' OR jsonb_typeof(_metadata) <> 'object' THEN
    RAISE EXCEPTION 'data and metadata of a message must be JSON objects' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF coalesce(stream_name, '') = '' OR coalesce(write_message.type, '') = '' THEN
    RAISE EXCEPTION 'stream name and type of a message must not be empty' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF octet_length(stream_name) > 1024 OR octet_length(write_message.type) > 1024 THEN
    RAISE EXCEPTION 'stream name and type of a message may have 1024 bytes, found % and %', octet_length(stream_name),
      octet_length(write_message.type) USING ERRCODE = 'invalid_parameter_value';
  END IF;
  _data_text := message_store.json_text(_data);
  _metadata_text := message_store.json_text(_metadata);
  _bytes := octet_length(_data_text) + coalesce(octet_length(_metadata_text), 0);
  IF _bytes > _most THEN
    RAISE EXCEPTION 'data and metadata of a message may have % bytes, found %', _most, _bytes
      USING ERRCODE = 'invalid_parameter_value', HINT = 'message_store.max_message_bytes allows more.';
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
            _data_text, _metadata_text);
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
