//! TLS: every mode, against a right and a wrong authority, and a right and a wrong name.

use crate::fixture::{Fixture, Leaf, NAME, issuer, leaf, refused, run, session, start, write_private};
use pgmoat::db::ConnectError;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384};

const APP: &str = "user=app password=hunter2";

fn kind(error: &ConnectError) -> &'static str {
    match error {
        ConnectError::Untrusted { .. } => "untrusted",
        ConnectError::WrongName { .. } => "wrong name",
        ConnectError::Handshake { .. } => "handshake",
        ConnectError::TlsSetup { .. } => "setup",
        ConnectError::NoChannelBinding { .. } => "no channel binding",
        ConnectError::Refused { .. } => "refused",
        other => panic!("{other:?}"),
    }
}

async fn outcome(text: &str) -> &'static str {
    match pgmoat::db::connect(&crate::fixture::resolve(text)).await {
        Ok(session) => {
            let rows = session
                .query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])
                .await;
            session.close().await;
            if rows.expect("a row")[0].get(0) { "tls" } else { "plain" }
        }
        Err(error) => kind(&error),
    }
}

#[test]
fn each_mode_trusts_whom_libpq_trusts() {
    run(async {
        let fixture = Fixture::new().await;
        let other = issuer("other authority", &PKCS_ECDSA_P256_SHA256);
        let other = fixture.write("other.pem", &other.pem()).display().to_string();
        let other = format!("sslrootcert={other}");
        for (name, settings, expected) in [
            (NAME, "CA", "tls"),
            (NAME, "sslmode=verify-full CA", "tls"),
            (NAME, "sslmode=verify-ca CA", "tls"),
            (NAME, "sslmode=require CA", "tls"),
            (NAME, "sslmode=require", "tls"),
            (NAME, "sslmode=prefer", "tls"),
            (NAME, "sslmode=disable", "plain"),
            ("other.example.com", "CA", "wrong name"),
            ("other.example.com", "sslmode=verify-full CA", "wrong name"),
            ("other.example.com", "sslmode=verify-ca CA", "tls"),
            ("other.example.com", "sslmode=require CA", "tls"),
            ("127.0.0.1", "sslmode=verify-full CA", "wrong name"),
            ("127.0.0.1", "sslmode=require", "tls"),
            ("127.0.0.1", "", "plain"),
            (NAME, "OTHER", "untrusted"),
            (NAME, "sslmode=verify-full OTHER", "untrusted"),
            (NAME, "sslmode=verify-ca OTHER", "untrusted"),
            (NAME, "sslmode=require OTHER", "untrusted"),
            (NAME, "sslmode=prefer OTHER", "untrusted"),
            ("other.example.com", "sslmode=verify-ca OTHER", "untrusted"),
            (NAME, "sslrootcert=/nonexistent/ca.pem", "setup"),
            (NAME, "sslrootcert=/dev/null", "setup"),
            (NAME, "channel_binding=require CA", "tls"),
            (NAME, "channel_binding=disable CA", "tls"),
            (NAME, "channel_binding=require sslmode=disable", "no channel binding"),
            (NAME, "sslsni=0 CA", "tls"),
        ] {
            let text = fixture
                .by_name(name, &format!("{APP} {settings}"))
                .replace("OTHER", &other);
            assert_eq!(outcome(&text).await, expected, "{text}");
        }
        let error = refused(&fixture.by_name("other.example.com", &format!("{APP} CA"))).await;
        assert!(error.to_string().contains(NAME), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("hostaddr")));
        let error = refused(&fixture.by_name(NAME, &format!("{APP} {other}"))).await;
        assert!(error.hint().is_some_and(|hint| hint.contains("sslrootcert=PATH")));
    });
}

#[test]
fn client_certificates_are_shown_and_their_keys_guarded() {
    run(async {
        let fixture = Fixture::new().await;
        let user = Leaf {
            name: "with_certificate",
            ..Leaf::default()
        };
        let (certificate, key) = leaf(&fixture.issuer, &user);
        let certificate = fixture.write("client.pem", &certificate);
        let key = fixture.write("client.key", &key);
        let with = format!(
            "user=with_certificate sslcert={} sslkey={} CA",
            certificate.display(),
            key.display()
        );
        assert_eq!(outcome(&fixture.by_name(NAME, &with)).await, "tls");
        let error = refused(&fixture.by_name(NAME, "user=with_certificate CA")).await;
        assert_eq!(error.sqlstate(), Some("28000"), "{error}");

        let stranger = issuer("other authority", &PKCS_ECDSA_P256_SHA256);
        let (bad_certificate, bad_key) = leaf(&stranger, &user);
        let bad_certificate = fixture.write("bad.pem", &bad_certificate);
        let bad_key = fixture.write("bad.key", &bad_key);
        let bad = format!(
            "user=with_certificate sslcert={} sslkey={} CA",
            bad_certificate.display(),
            bad_key.display()
        );
        let error = refused(&fixture.by_name(NAME, &bad)).await;
        assert!(matches!(error, ConnectError::Handshake { .. }), "{error:?}");

        let mixed = format!(
            "user=with_certificate sslcert={} sslkey={} CA",
            certificate.display(),
            bad_key.display()
        );
        assert_eq!(outcome(&fixture.by_name(NAME, &mixed)).await, "setup");
        open_to_all(&key);
        let error = refused(&fixture.by_name(NAME, &with)).await;
        assert!(error.to_string().contains("chmod 0600"), "{error}");
    });
}

fn open_to_all(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).expect("chmod");
}

#[test]
fn certificates_may_be_their_own_authority_but_not_expired() {
    run(async {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // As `openssl req -x509` makes it: an authority, used as a server's certificate.
        let mut params = CertificateParams::new(vec![NAME.to_owned()]).expect("valid parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
        let own = params.self_signed(&key).expect("a certificate").pem();
        let root = write_private(&folder.path().join("root.pem"), &own);
        let mut server = start(&own, &key.serialize_pem(), &own);
        let admin = session(&server.conninfo()).await;
        admin
            .execute("CREATE ROLE app LOGIN PASSWORD 'hunter2'")
            .await
            .expect("a role");
        admin.close().await;
        let text = |name: &str, mode: &str| {
            let (port, root) = (server.port(), root.display());
            format!("host={name} hostaddr=127.0.0.1 port={port} dbname=postgres sslrootcert={root} {APP} {mode}")
        };
        let binding = text(NAME, "channel_binding=require");
        let (expired_text, expired_ca) = (text(NAME, ""), text(NAME, "sslmode=verify-ca"));
        assert_eq!(outcome(&binding).await, "tls");
        assert_eq!(outcome(&text("other.example.com", "")).await, "wrong name");
        assert_eq!(outcome(&text("other.example.com", "sslmode=verify-ca")).await, "tls");

        let authority = issuer("authority", &PKCS_ECDSA_P384_SHA384);
        write_private(&root, &authority.pem());
        assert_eq!(outcome(&expired_text).await, "untrusted");
        let expired = Leaf {
            last_year: 2001,
            ..Leaf::default()
        };
        let (certificate, key) = leaf(&authority, &expired);
        server
            .write_file("server.crt", certificate.as_bytes())
            .expect("written");
        server.write_file("server.key", key.as_bytes()).expect("written");
        server.restart().expect("restarted");
        let port_is_the_same = expired_text.contains(&format!("port={} ", server.port()));
        assert!(port_is_the_same);
        for text in [&expired_text, &expired_ca] {
            let error = refused(text).await;
            assert!(error.to_string().contains("expired"), "{error}");
        }
    });
}
