\connect svc_a svc_a_migrate
CREATE TABLE svc_a.t (id int);

\connect svc_b svc_b_migrate
CREATE TABLE svc_b.loot (what text);
