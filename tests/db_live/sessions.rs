//! Statements, pipelines, notices, and the end of a session.

use crate::fixture::{Fixture, run};
use std::time::Duration;

#[test]
fn queries_notices_and_startup_options() {
    run(async {
        let fixture = Fixture::new().await;
        let admin = fixture.admin().await;
        assert!(!admin.server_version().is_empty());
        admin.execute("ALTER ROLE postgres SET role = 'app'").await.expect("altered");
        admin.execute("ALTER ROLE postgres SET search_path = 'elsewhere'").await.expect("altered");

        let again = fixture.admin().await;
        let rows = again.query("SELECT current_user::text, current_setting('search_path')", &[]).await.expect("a row");
        assert_eq!((rows[0].get::<_, &str>(0), rows[0].get::<_, &str>(1)), ("postgres", "pg_catalog,pg_temp"));
        let rows =
            again.query("SELECT rolname::text FROM pg_roles WHERE rolname = $1", &[&"app"]).await.expect("a row");
        assert_eq!(rows.len(), 1);
        let pid = again.backend_pid().await.expect("a number");
        let sql = "SELECT application_name FROM pg_stat_activity WHERE pid = $1";
        let rows = again.query(sql, &[&pid]).await.expect("a row");
        assert_eq!(rows[0].get::<_, &str>(0), "pgmoat");

        again.execute("SET ROLE app").await.expect("set");
        again.execute("GRANT SELECT ON pg_catalog.pg_authid TO limited").await.expect_err("not allowed");
        again
            .execute("RESET ROLE; CREATE TABLE public.t (); GRANT SELECT ON public.t TO app WITH GRANT OPTION")
            .await
            .expect("granted");
        again.execute("SET ROLE app").await.expect("set");
        assert!(again.take_notices().is_empty());
        again.execute("GRANT SELECT, INSERT ON public.t TO limited").await.expect("a command tag that means nothing");
        let notices = again.take_notices();
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].is_warning() && notices[0].code == "01007", "{notices:?}");
        assert!(again.take_notices().is_empty());
        again.close().await;
        admin.close().await;
    });
}

#[test]
fn a_pipeline_says_which_statement_failed() {
    run(async {
        let fixture = Fixture::new().await;
        let admin = fixture.admin().await;
        let good: Vec<String> = (0..1000).map(|index| format!("CREATE TEMP TABLE t{index} ()")).collect();
        let mut done = Vec::new();
        admin.execute("BEGIN").await.expect("begun");
        admin.pipeline(&good, |index| done.push(index)).await.expect("all of them");
        assert_eq!(done, (0..1000).collect::<Vec<_>>());
        admin.execute("ROLLBACK").await.expect("rolled back");

        for at in [0, 255, 256, 700, 999] {
            let mut statements = good.clone();
            statements[at] = "SELECT 1/0".to_owned();
            let mut done = 0;
            admin.execute("BEGIN").await.expect("begun");
            let error = admin.pipeline(&statements, |_| done += 1).await.expect_err("one fails");
            assert_eq!((error.index, error.sqlstate(), done), (Some(at), Some("22012"), at));
            admin.execute("ROLLBACK").await.expect("usable after it");
        }
        admin.pipeline(&[] as &[&str], |_| ()).await.expect("nothing to do");
        admin.close().await;
    });
}

#[test]
fn errors_keep_the_servers_words_unless_they_are_secret() {
    run(async {
        let fixture = Fixture::new().await;
        let admin = fixture.admin().await;
        let error = admin.execute("SELECT * FROM public.nothing").await.expect_err("no such table");
        assert_eq!(error.sqlstate(), Some("42P01"));
        assert_eq!(error.to_string(), "relation \"public.nothing\" does not exist (SQLSTATE 42P01)");
        assert_eq!(error.message(), "relation \"public.nothing\" does not exist");
        assert!(!error.is_retryable() && !error.is_connection_lost());
        let error = admin.execute_secret("ALTER ROLE app PASSWORD hunter2").await.expect_err("not quoted");
        assert_eq!(error.sqlstate(), Some("42601"));
        assert!(!format!("{error} {error:?} {:?}", error.hint()).contains("hunter2"), "{error:?}");

        let other = fixture.admin().await;
        other.execute("BEGIN; LOCK TABLE pg_catalog.pg_class").await.expect("locked");
        admin.execute("SET lock_timeout = '100ms'").await.expect("set");
        let error = admin.execute("BEGIN; LOCK TABLE pg_catalog.pg_class").await.expect_err("locked by another");
        assert!(error.is_retryable() && error.sqlstate() == Some("55P03"), "{error:?}");
        other.close().await;
        admin.close().await;
    });
}

#[test]
fn a_session_that_is_ended_from_outside_says_so() {
    run(async {
        let fixture = Fixture::new().await;
        let admin = fixture.admin().await;
        let other = fixture.admin().await;
        let pid = other.backend_pid().await.expect("a number");
        admin.query("SELECT pg_terminate_backend($1)", &[&pid]).await.expect("terminated");
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(other.is_closed());
        let error = other.execute("SELECT 1").await.expect_err("ended");
        assert!(error.is_connection_lost(), "{error:?}");
        assert_eq!(error.sqlstate(), Some("57P01"), "{error:?}");
        admin.close().await;
    });
}

#[test]
fn a_statement_can_be_cancelled() {
    run(async {
        let fixture = Fixture::new().await;
        let admin = fixture.admin().await;
        let canceller = admin.canceller();
        let (result, ()) = tokio::join!(admin.execute("SELECT pg_sleep(60)"), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            canceller.cancel().await;
        });
        assert_eq!(result.expect_err("cancelled").sqlstate(), Some("57014"));
        admin.execute("SELECT 1").await.expect("usable after it");
        admin.close().await;
    });
}
