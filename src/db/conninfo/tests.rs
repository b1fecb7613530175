//! Precedence, defaults, and above all: nothing leaks. Doesn't cover the two grammars (each beside its parser).

use super::*;

fn environment(variables: &[(&str, &str)]) -> Environment {
    let vars = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Environment { vars, home: None, os_user: Some("me".to_owned()) }
}

fn resolve(dbname: &str, variables: &[(&str, &str)]) -> Conninfo {
    Conninfo::resolve(Some(dbname), &environment(variables)).unwrap_or_else(|error| panic!("{dbname}: {error}"))
}

fn error(dbname: &str, variables: &[(&str, &str)]) -> ConninfoError {
    Conninfo::resolve(Some(dbname), &environment(variables)).err().unwrap_or_else(|| panic!("{dbname} was accepted"))
}

fn password(conninfo: &Conninfo) -> Option<&str> {
    conninfo.password_for(&conninfo.endpoints[0]).map(Password::expose)
}

#[test]
fn without_anything_it_is_the_users_own_database_on_this_machine() {
    let conninfo = Conninfo::resolve(None, &environment(&[("PGPORT", "59999")])).expect("valid");
    assert_eq!((conninfo.user(), conninfo.database()), ("me", "me"));
    assert_eq!(conninfo.host(), "localhost:59999");
    assert_eq!(conninfo.connect_timeout, Some(Duration::from_secs(10)));
    assert_eq!(conninfo.session.options, "-c role=none -c search_path=pg_catalog,pg_temp -c jit=off");
    assert_eq!(conninfo.session.application_name, "pgmoat");
    let nobody = Environment::default();
    assert_eq!(Conninfo::resolve(None, &nobody).err(), Some(ConninfoError::NoUser));
}

#[test]
fn the_string_wins_over_the_service_and_that_over_the_environment() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("services");
    std::fs::write(&file, "[s]\nhost=from-service\nuser=from-service\ndbname=from-service\n").expect("written");
    let file = file.to_str().expect("UTF-8");
    let variables = [
        ("PGSERVICEFILE", file),
        ("PGSERVICE", "s"),
        ("PGHOST", "from-environment"),
        ("PGUSER", "from-environment"),
        ("PGPORT", "1"),
        ("PGAPPNAME", "from-environment"),
        ("PGCONNECT_TIMEOUT", "0"),
        ("PGOPTIONS", "-c role=x"),
    ];
    let conninfo = resolve("user=from-string", &variables);
    assert_eq!(conninfo.user(), "from-string");
    assert_eq!(conninfo.database(), "from-service");
    assert_eq!(conninfo.host(), "from-service:1");
    assert_eq!(conninfo.session.application_name, "from-environment");
    assert_eq!(conninfo.connect_timeout, None);
    assert_eq!(conninfo.session.options, "-c role=x -c role=none -c search_path=pg_catalog,pg_temp -c jit=off");
    assert_eq!(resolve("just_a_name", &variables).database(), "just_a_name");
    assert_eq!(resolve("user=u dbname=''", &[]).database(), "u");
    assert!(matches!(error("service=nope", &variables), ConninfoError::ServiceNotFound { .. }));
}

#[test]
fn the_password_comes_from_the_string_the_environment_or_the_password_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("pgpass");
    std::fs::write(&file, "h:5432:one:me:first\nh:5432:*:me:second\nlocalhost:*:*:me:local\n").expect("written");
    private(&file);
    let file = file.to_str().expect("UTF-8");
    let variables = [("PGPASSFILE", file), ("PGPASSWORD", "variable")];
    assert_eq!(password(&resolve("host=h password=string", &variables)), Some("string"));
    assert_eq!(password(&resolve("host=h", &variables)), Some("variable"));
    assert_eq!(password(&resolve("host=h dbname=one", &variables[..1])), Some("first"));
    assert_eq!(password(&resolve("host=h dbname=one", &variables[..1]).with_database("two")), Some("second"));
    assert_eq!(password(&resolve("host=h dbname=one password=''", &variables)), Some("first"));
    assert_eq!(password(&resolve("host=/tmp", &variables[..1])), Some("local"));
    assert_eq!(password(&resolve("host=elsewhere", &variables[..1])), None);
    let other = resolve("host=h password=string", &[]).with_user("other", Some("theirs"));
    assert_eq!((other.user(), password(&other)), ("other", Some("theirs")));
    let filed = resolve("host=h user=u password=string", &variables[..1]).with_user("me", None);
    assert_eq!(password(&filed), Some("second"));
    assert_eq!(resolve("host=h", &[("PGAPPNAME", "https://ci/1")]).session.application_name, "https://ci/1");
}

#[cfg(unix)]
fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("chmod");
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) {}

#[test]
fn what_leaves_the_machine_is_verified_unless_somebody_says_otherwise() {
    let level = |text| {
        let conninfo = resolve(text, &[]);
        (conninfo.encryption.level(&conninfo.endpoints[0]), conninfo.notes().len())
    };
    for (text, expected) in [
        ("host=/tmp", (Level::Plain, 0)),
        ("host=/tmp sslmode=verify-full", (Level::Plain, 0)),
        ("host=localhost", (Level::Plain, 0)),
        ("host=127.0.0.1", (Level::Plain, 0)),
        ("host=localhost sslmode=require", (Level::Encrypted, 0)),
        ("host=localhost sslmode=verify-full", (Level::VerifyFull, 0)),
        ("host=h", (Level::VerifyFull, 0)),
        ("host=h hostaddr=127.0.0.1", (Level::VerifyFull, 0)),
        ("host=h sslmode=disable", (Level::Plain, 1)),
        ("host=h sslmode=allow", (Level::Encrypted, 2)),
        ("host=h sslmode=prefer", (Level::Encrypted, 2)),
        ("host=h sslmode=require", (Level::Encrypted, 1)),
        ("host=h sslmode=require sslrootcert=/ca", (Level::VerifyCa, 0)),
        ("host=h sslmode=verify-ca", (Level::VerifyCa, 0)),
        ("host=h sslrootcert=system", (Level::VerifyFull, 0)),
    ] {
        assert_eq!(level(text), expected, "{text}");
    }
    assert_eq!(error("host=h sslrootcert=system sslmode=require", &[]), ConninfoError::WeakSystemRoots);
}

#[test]
fn files_of_the_home_folder_are_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ours = folder.path().join(".postgresql");
    std::fs::create_dir(&ours).expect("created");
    let resolve = |text| {
        let home = Some(folder.path().to_owned());
        Conninfo::resolve(Some(text), &Environment { home, ..environment(&[]) }).expect("valid").encryption
    };
    assert_eq!((resolve("host=h").roots, resolve("host=h").client), (Roots::System, None));
    for name in ["root.crt", "postgresql.crt", "postgresql.key"] {
        std::fs::write(ours.join(name), "").expect("written");
    }
    let found = resolve("host=h");
    assert_eq!(found.roots, Roots::File(ours.join("root.crt")));
    let files = ClientFiles { certificate: ours.join("postgresql.crt"), key: ours.join("postgresql.key") };
    assert_eq!(found.client, Some(files));
    assert_eq!(resolve("host=h sslcertmode=disable").client, None);
    assert_eq!(resolve("host=h sslrootcert=system").roots, Roots::System);
}

#[test]
fn every_keyword_of_libpq_is_recognised() {
    for keyword in keyword::KEYWORDS.iter().filter(|keyword| !matches!(keyword.name, "service" | "servicefile")) {
        let text = format!("{}=''", keyword.name);
        resolve(&text, &[]);
        if let keyword::Support::Only(..) = keyword.support {
            let refused = error(&format!("{}=hunter2", keyword.name), &[]);
            assert!(refused.to_string().contains(&format!("`{}`", keyword.name)), "{refused}");
        }
    }
    let refused = error("", &[("PGREQUIREPEER", "postgres")]).to_string();
    assert!(refused.contains("the environment variable PGREQUIREPEER"), "{refused}");
}

/// Strings that carry the password where it doesn't belong, or are malformed around it.
const MALFORMED: [&str; 40] = [
    "host=h password=abc hunter2=x",
    "host=h password=abc hunter2",
    "host=h password=abc hunter2 user=u",
    "host=h password='hunter2",
    "host=h password='abc' 'hunter2'=x",
    "host=h,password=hunter2",
    "host=h;password=hunter2",
    "host=h&password=hunter2",
    "user=u,password=hunter2 host=h",
    "user=u;Password=hunter2",
    "user=u;Pwd=hunter2;",
    "dbname=d,password=hunter2",
    "dbname=postgres://u:hunter2@h/db",
    "host=postgres://u:hunter2@h/db",
    "host=u:hunter2@h",
    "host=h port=hunter2",
    "host=h hostaddr=hunter2",
    "host=h sslmode=hunter2",
    "host=h channel_binding=hunter2",
    "host=h connect_timeout=hunter2",
    "host=h target_session_attrs=hunter2",
    "host=h keepalives_idle=hunter2",
    "host=h sslnegotiation=hunter2",
    "host=h requirepeer=hunter2",
    "host=h password=x options='hunter2\\\\'",
    "postgres://u:hunter2@h:port/db",
    "postgres://u:x@hunter2@h/db",
    "postgres://u:12/hunter2@h/db",
    "postgres://u:hunter2/12@h/db",
    "postgres://u:hunter2?x/@h@h/db",
    "postgres://u:hunter2@[::1/db",
    "postgres://u:hunter2%zz@h/db",
    "postgres://u:p@h/db?hunter2",
    "postgres://u:p@h/db?hunter2=x",
    "postgres://u:p@h/db?password=a=hunter2",
    "postgre://u:hunter2@h/db",
    "postgre://u:hunter2@h/db?sslmode=require",
    "jdbc:postgresql://h/db?user=u&password=hunter2",
    "u:hunter2@h/db",
    "hunter2@h:5432",
];

#[test]
fn no_error_about_a_malformed_string_repeats_a_password() {
    for text in MALFORMED {
        let error = error(text, &[]);
        let shown = format!("{error} {error:?} {:?}", error.hint());
        assert!(!shown.contains("hunter2"), "{text}: {shown}");
        assert!(!error.to_string().ends_with('.'), "{error}");
    }
    for variable in ["PGHOST", "PGDATABASE", "PGUSER", "PGSERVICE"] {
        let error = error("", &[(variable, "postgres://u:hunter2@h/db")]);
        let shown = format!("{error} {error:?} {:?}", error.hint());
        assert!(!shown.contains("hunter2"), "{variable}: {shown}");
    }
}

#[test]
fn debug_shows_no_password() {
    let variables = [("PGPASSWORD", "hunter2")];
    for text in ["host=h password=hunter2", "postgres://u:hunter2@h/db", "host=h options='-c x.y=hunter2'", "host=h"] {
        let conninfo = resolve(text, &variables);
        let shown = format!("{conninfo:?} {:#?} {:?}", conninfo.with_database("d"), conninfo.notes());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    assert!(!format!("{:?}", environment(&variables)).contains("hunter2"));
}
