-- Where storage.partitioning and the server allow it, the program makes an empty `logs` a hypertable of TimescaleDB in the
-- transaction of this step (docs/timescale.md). No statement trigger sees there which rows were deleted: this one
-- subtracts them one by one.
CREATE FUNCTION uncount_deleted_row() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO rollup_deltas (minute, tenant, service, level, event_type, event_name, n)
    VALUES (date_trunc('minute', OLD.timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', OLD.tenant, OLD.service,
            OLD.level, OLD.event_type, OLD.event_name, -1);
  RETURN NULL;
END
$$;
