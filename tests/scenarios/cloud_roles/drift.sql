GRANT rds_iam TO orders_bi;
REVOKE rds_iam FROM orders_app;
