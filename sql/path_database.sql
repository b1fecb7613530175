-- In which database this session is. Any role may ask.
select pg_catalog.current_database()::pg_catalog.text as name
