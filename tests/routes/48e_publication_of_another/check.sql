\connect shop
-- an inbox without a replica identity is updated no more then
SELECT pubupdate::text FROM pg_publication;
