-- somebody's answer to an incident
ALTER ROLE orders_app NOLOGIN;
