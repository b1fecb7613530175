\connect shop svc_b_app
CREATE OR REPLACE FUNCTION information_schema._pg_index_position(oid, smallint) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
  AS 'BEGIN UPDATE svc_a.t SET n = n + 1; RETURN 1; END';
SELECT information_schema._pg_index_position(0::oid, 0::smallint);
