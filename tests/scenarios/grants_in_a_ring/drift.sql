\connect orders
-- each has the option from the owner, too, and so may give it back to the other; CASCADE finds no end
GRANT USAGE ON SCHEMA orders TO alice, bob;
GRANT SELECT ON orders.jobs TO alice, bob WITH GRANT OPTION;
SET ROLE alice;
GRANT SELECT ON orders.jobs TO bob WITH GRANT OPTION;
RESET ROLE;
SET ROLE bob;
GRANT SELECT ON orders.jobs TO alice WITH GRANT OPTION;
GRANT SELECT ON orders.jobs TO u;
