SELECT size::text FROM pg_stat_file('walked', true);
