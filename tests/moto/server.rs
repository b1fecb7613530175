//! moto's server, in an environment of Python's of its own, which is fetched once.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const VERSION: &str = "5.2.5";

/// It ends when its standard input does, so it outlives nobody.
const PROGRAM: &str = "\
import os, sys, threading
def wait():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=wait, daemon=True).start()
from moto.server import main
main(sys.argv[1:])
";

pub(crate) struct Moto {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Moto {
    pub(crate) fn start() -> Moto {
        let python = environment();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
        let address = free.expect("a free port");
        let mut command = Command::new(&python);
        command.args(["-c", PROGRAM, "-H", "127.0.0.1", "-p", &address.port().to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let log = BufReader::new(child.stderr.take().expect("its errors"));
        // read on, or it would stop when the pipe is full
        let log = thread::spawn(move || log.lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"));
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = child.try_wait().expect("a child") {
                panic!("moto ended with {status}: {}", log.join().unwrap_or_default());
            }
            assert!(began.elapsed() < Duration::from_secs(60), "moto doesn't answer on {address}");
            thread::sleep(Duration::from_millis(50));
        }
        Moto { child, address }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The interpreter of the environment, beside the servers' binaries.
fn environment() -> PathBuf {
    let folder = cache().join(format!("moto-{VERSION}"));
    let python = folder.join("bin/python");
    if python.exists() {
        return python;
    }
    let fresh = folder.with_extension(format!("making-{}", std::process::id()));
    fs::create_dir_all(cache()).expect("a cache");
    run(Command::new("python3").args(["-m", "venv"]).arg(&fresh));
    let package = format!("moto[secretsmanager,ssm]=={VERSION}");
    let mut pip = Command::new(fresh.join("bin/python"));
    run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &package, "flask", "flask-cors"]));
    if fs::rename(&fresh, &folder).is_err() {
        // somebody else was faster
        fs::remove_dir_all(&fresh).expect("removed");
    }
    assert!(python.exists(), "{} isn't there", python.display());
    python
}

fn run(command: &mut Command) {
    let needs = "these tests need python3 with venv and pip, and once the package index";
    let shown = format!("{command:?}");
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap_or_else(|error| panic!("{shown}: {error}: {needs}"));
    let mut words = String::new();
    let _ = child.stderr.take().expect("its errors").read_to_string(&mut words);
    let status = child.wait().expect("a child");
    assert!(status.success(), "{shown}: {status}: {words}\n{needs}");
}

/// As src/throwaway/cache.rs has it.
fn cache() -> PathBuf {
    let root = fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0);
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if root {
        return Path::new("/var/cache/pgmoat").to_owned();
    }
    let given = of("XDG_CACHE_HOME").map(|folder| folder.join("pgmoat"));
    let home = || of("HOME").map(|folder| folder.join(".cache/pgmoat"));
    given.or_else(home).unwrap_or_else(|| std::env::temp_dir().join("pgmoat-cache"))
}
