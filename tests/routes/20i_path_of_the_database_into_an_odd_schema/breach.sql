\connect shop
ALTER DATABASE shop SET search_path = "$user", "My, ""Own"" Schema", public;
