//! A server with TLS, its certificates, and roles that authenticate in different ways.

use pgmoat::db::{ConnectError, Conninfo, Environment, Session, connect};
use pgmoat::throwaway::{Options, Places, Server, find_or_fetch};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PKCS_ECDSA_P256_SHA256,
    SignatureAlgorithm,
};
use std::future::Future;
use std::path::{Path, PathBuf};

/// The name in the server's certificate. It is looked up nowhere: tests give `hostaddr` besides.
pub(crate) const NAME: &str = "db.example.com";

const HBA: &str = "\
local all postgres trust
hostssl all with_certificate 127.0.0.1/32 cert
host all app,limited 127.0.0.1/32 scram-sha-256
host all cleartext 127.0.0.1/32 password
";

pub(crate) type Issuer = CertifiedIssuer<'static, KeyPair>;

pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) issuer: Issuer,
}

/// What makes a server's certificate.
pub(crate) struct Leaf {
    pub(crate) name: &'static str,
    pub(crate) algorithm: &'static SignatureAlgorithm,
    pub(crate) last_year: i32,
}

impl Default for Leaf {
    fn default() -> Leaf {
        Leaf { name: NAME, algorithm: &PKCS_ECDSA_P256_SHA256, last_year: 2999 }
    }
}

pub(crate) fn issuer(name: &str, algorithm: &'static SignatureAlgorithm) -> Issuer {
    let mut params = CertificateParams::new(Vec::new()).expect("valid parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate_for(algorithm).expect("a key")).expect("a certificate")
}

/// A certificate and its key, in PEM.
pub(crate) fn leaf(issuer: &Issuer, leaf: &Leaf) -> (String, String) {
    let mut params = CertificateParams::new(vec![leaf.name.to_owned()]).expect("valid parameters");
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, leaf.name);
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(leaf.last_year, 1, 1);
    let key = KeyPair::generate_for(leaf.algorithm).expect("a key");
    (params.signed_by(&key, issuer).expect("a certificate").pem(), key.serialize_pem())
}

pub(crate) fn start(certificate: &str, key: &str, authority: &str) -> Server {
    let var = std::env::var_os;
    let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), std::env::temp_dir()).expect("places");
    let places = places.only_from(var("PGMOAT_TEST_BINARIES").as_deref()).expect("an origin");
    let binaries = find_or_fetch(None, &places, &mut |_| ()).expect("a server's binaries");
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let options = Options {
        settings: vec![setting("ssl", "on"), setting("ssl_ca_file", "root.crt")],
        tcp: true,
        hba: Some(HBA.to_owned()),
        files: vec![file("server.crt", certificate), file("server.key", key), file("root.crt", authority)],
        ..Options::default()
    };
    Server::start(&binaries, &options, &places).expect("a server")
}

impl Fixture {
    /// A server with an ordinary certificate, and roles: `app` (SCRAM), `limited` (no CONNECT to `closed`),
    /// `cleartext` (sends its password as it is), `with_certificate`, and `stranger`, whom pg_hba.conf doesn't know.
    pub(crate) async fn new() -> Fixture {
        let issuer = issuer("authority", &PKCS_ECDSA_P256_SHA256);
        let (certificate, key) = leaf(&issuer, &Leaf::default());
        let server = start(&certificate, &key, &issuer.pem());
        let folder = tempfile::tempdir().expect("a temporary folder");
        let fixture = Fixture { server, folder, issuer };
        fixture.write("ca.pem", &fixture.issuer.pem());
        let session = fixture.admin().await;
        session
            .execute(
                "CREATE ROLE app LOGIN PASSWORD 'hunter2'; CREATE ROLE limited LOGIN PASSWORD 'hunter2'; \
                 CREATE ROLE cleartext LOGIN PASSWORD 'hunter2'; CREATE ROLE with_certificate LOGIN; \
                 CREATE ROLE stranger LOGIN PASSWORD 'hunter2'",
            )
            .await
            .expect("roles");
        session.execute("CREATE DATABASE closed").await.expect("a database");
        session.execute("REVOKE CONNECT ON DATABASE closed FROM PUBLIC").await.expect("revoked");
        session.close().await;
        fixture
    }

    pub(crate) async fn admin(&self) -> Session {
        session(&self.server.conninfo()).await
    }

    /// A file of the client's, of mode 0600.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        write_private(&self.folder.path().join(name), text)
    }

    /// A connection string to the server by TCP under a name; `rest` is added.
    pub(crate) fn by_name(&self, name: &str, rest: &str) -> String {
        let (port, folder) = (self.server.port(), self.folder.path().display());
        let rest = rest.replace("CA", &format!("sslrootcert={folder}/ca.pem"));
        format!("host={name} hostaddr=127.0.0.1 port={port} dbname=postgres {rest}")
    }
}

pub(crate) fn write_private(path: &Path, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).expect("written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
    path.to_owned()
}

pub(crate) fn resolve(text: &str) -> Conninfo {
    Conninfo::resolve(Some(text), &Environment::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) async fn session(text: &str) -> Session {
    connect(&resolve(text)).await.unwrap_or_else(|error| panic!("{text}: {error}: {error:?}"))
}

/// The error of a connection, checked for the password on the way.
pub(crate) async fn refused(text: &str) -> ConnectError {
    let error = connect(&resolve(text)).await.err().unwrap_or_else(|| panic!("{text} was accepted"));
    let shown = format!("{error} {error:?} {:?}", error.hint());
    assert!(!shown.contains("hunter2"), "{shown}");
    error
}

/// Runs on the one thread that pgmoat has.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
