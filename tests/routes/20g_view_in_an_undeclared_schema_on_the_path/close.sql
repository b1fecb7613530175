\connect shop
DROP VIEW legacy.items;
DROP FUNCTION legacy.f();
