-- The extensions that CREATE EXTENSION would find, and the schema that each insists on. Any role may ask.
select e.name::text   as name,
       v.schema::text as schema
from pg_catalog.pg_available_extensions e
join pg_catalog.pg_available_extension_versions v on v.name = e.name and v.version = e.default_version
order by e.name
