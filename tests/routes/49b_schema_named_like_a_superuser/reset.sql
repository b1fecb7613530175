\connect postgres
ALTER ROLE stranger NOCREATEROLE;
