\connect shop
SELECT array_to_string(srvoptions, ' ') FROM pg_foreign_server;
