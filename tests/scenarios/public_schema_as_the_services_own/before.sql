CREATE DATABASE legacy;
\connect legacy
CREATE TABLE public.orders (id serial);
CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
