\connect shop
ALTER DATABASE shop RESET search_path;
