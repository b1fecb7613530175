-- The extensions that CREATE EXTENSION would find, the schema that each insists on, and whether it takes a superuser. Any role may ask.
select e.name::text   as name,
       v.schema::text as schema,
       v.superuser and not v.trusted as superuser
from pg_catalog.pg_available_extensions e
join pg_catalog.pg_available_extension_versions v on v.name = e.name and v.version = e.default_version
order by e.name
