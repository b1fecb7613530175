\connect postgres
CREATE ROLE stranger LOGIN;
