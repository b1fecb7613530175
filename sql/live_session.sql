-- Whose session is it, and on which server? One row. A pooler may put another in the place of who logged in; any role may ask.
select session_user::pg_catalog.text as login,
       (select c.system_identifier::pg_catalog.text from pg_catalog.pg_control_system() as c) as system_identifier
