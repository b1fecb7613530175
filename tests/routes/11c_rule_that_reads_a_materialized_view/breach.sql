\connect shop svc_a_migrate
CREATE RULE answering AS ON INSERT TO svc_a.inbox
  DO INSTEAD INSERT INTO svc_a.kept VALUES (new.id) RETURNING (SELECT note::text FROM svc_a.copy);
