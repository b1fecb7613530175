//! Refusals: who says no, and whether the words help.

use crate::fixture::{Fixture, NAME, refused, resolve, run, session};
use pgmoat::db::{ConnectError, Conninfo, Environment, connect};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[test]
fn a_server_says_no_in_many_ways() {
    run(async {
        let fixture = Fixture::new().await;
        for (rest, sqlstate, hint) in [
            ("user=app password=wrong_hunter2 CA", "28P01", "is wrong"),
            ("user=cleartext password=wrong_hunter2 CA", "28P01", "is wrong"),
            ("user=stranger password=hunter2 CA", "28000", "pg_hba.conf"),
            (
                "user=app password=hunter2 dbname=nowhere CA",
                "3D000",
                "no database `nowhere`",
            ),
            (
                "user=limited password=hunter2 dbname=closed CA",
                "42501",
                "GRANT CONNECT",
            ),
        ] {
            let error = refused(&fixture.by_name(NAME, rest)).await;
            assert_eq!(error.sqlstate(), Some(sqlstate), "{rest}: {error}");
            assert!(
                error.hint().is_some_and(|text| text.contains(hint)),
                "{rest}: {:?}",
                error.hint()
            );
        }
        for user in ["app", "cleartext"] {
            let error = refused(&fixture.by_name(NAME, &format!("user={user} CA"))).await;
            assert!(matches!(error, ConnectError::PasswordNeeded { .. }), "{error:?}");
        }
        let cleartext = "user=cleartext password=hunter2 channel_binding=require CA";
        let error = refused(&fixture.by_name(NAME, cleartext)).await;
        assert!(matches!(error, ConnectError::NoChannelBinding { .. }), "{error:?}");

        let admin = fixture.admin().await;
        admin
            .execute("ALTER ROLE app CONNECTION LIMIT 0")
            .await
            .expect("altered");
        let error = refused(&fixture.by_name(NAME, "user=app password=hunter2 CA")).await;
        assert_eq!(error.sqlstate(), Some("53300"));
        admin.close().await;
    });
}

#[test]
fn the_password_file_is_asked_for_each_database_and_must_be_private() {
    run(async {
        let fixture = Fixture::new().await;
        let line = format!("{NAME}:{}:postgres:app:hunter2\n", fixture.server.port());
        let path = fixture.write("pgpass", &line);
        let vars = [("PGPASSFILE".to_owned(), path.display().to_string())].into();
        let environment = Environment {
            vars,
            ..Environment::default()
        };
        let resolve = || {
            let text = fixture.by_name(NAME, "user=app CA");
            Conninfo::resolve(Some(&text), &environment).expect("valid")
        };
        connect(&resolve()).await.expect("connected").close().await;
        let error = connect(&resolve().with_database("template1"))
            .await
            .expect_err("no password");
        assert!(matches!(error, ConnectError::PasswordNeeded { .. }), "{error:?}");

        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("chmod");
        let error = connect(&resolve()).await.expect_err("the file is ignored");
        assert!(
            error.hint().is_some_and(|hint| hint.contains("chmod 0600")),
            "{:?}",
            error.hint()
        );
    });
}

#[test]
fn nobody_answers() {
    run(async {
        // A port that was just free.
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let free = listener.local_addr().expect("an address").port();
        drop(listener);
        let error = refused(&format!("host=127.0.0.1 port={free} user=u password=hunter2")).await;
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
        assert!(
            error
                .to_string()
                .starts_with(&format!("127.0.0.1:{free} can't be reached: ")),
            "{error}"
        );
        let error = refused("host=/nonexistent port=1 user=u password=hunter2").await;
        assert!(matches!(error, ConnectError::NoSocket { .. }), "{error:?}");
        let error = refused("host=nowhere.invalid user=u password=hunter2").await;
        assert!(matches!(error, ConnectError::UnknownHost { .. }), "{error:?}");

        // One that accepts and says nothing.
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = silent.local_addr().expect("an address").port();
        let text = format!("host=127.0.0.1 port={port} user=u password=hunter2");
        let conninfo = resolve(&text).with_connect_timeout(Some(Duration::from_millis(200)));
        let error = connect(&conninfo).await.expect_err("a timeout");
        assert!(matches!(error, ConnectError::Timeout { .. }), "{error:?}");

        let two = format!("host=127.0.0.1,/nonexistent port={free} user=u password=hunter2");
        let error = refused(&two).await;
        assert!(
            matches!(&error, ConnectError::All(errors) if errors.len() == 2),
            "{error:?}"
        );
    });
}

#[test]
fn the_next_server_of_a_list_is_tried() {
    run(async {
        let fixture = Fixture::new().await;
        let folder = fixture.server.socket_dir().display().to_string();
        let text = format!(
            "host=/nonexistent,{folder} port={} user=postgres",
            fixture.server.port()
        );
        session(&text).await.close().await;
        session(&format!("{text} target_session_attrs=read-write"))
            .await
            .close()
            .await;
        let error = refused(&format!("{text} target_session_attrs=read-only")).await;
        let ConnectError::All(errors) = &error else {
            panic!("{error:?}")
        };
        assert!(matches!(errors[1], ConnectError::WrongKind { .. }), "{error:?}");
    });
}

/// Whoever answers "no TLS here" and asks for the password must not get it, in whatever mode.
#[test]
fn a_false_server_gets_no_password() {
    run(async {
        for mode in [
            "",
            "sslmode=prefer",
            "sslmode=allow",
            "sslmode=require",
            "sslmode=verify-ca",
            "sslmode=verify-full",
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let port = listener.local_addr().expect("an address").port();
            let thief = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.expect("a victim");
                let mut heard = vec![0; 8];
                stream.read_exact(&mut heard).await.expect("a request for TLS");
                stream.write_all(b"N").await.expect("written");
                // AuthenticationCleartextPassword, in case that it goes on without TLS.
                let _ = stream.write_all(b"R\0\0\0\x08\0\0\0\x03").await;
                let _ = stream.read_to_end(&mut heard).await;
                heard
            });
            let text = format!("host=db.example.com hostaddr=127.0.0.1 port={port} user=u password=hunter2 {mode}");
            let error = refused(&text).await;
            assert!(matches!(error, ConnectError::TlsRefused { .. }), "{mode}: {error:?}");
            let heard = thief.await.expect("the thief's haul");
            assert_eq!(heard.len(), 8, "{mode}");
        }
    });
}
