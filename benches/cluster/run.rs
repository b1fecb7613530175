//! Running pgmoat and psql on a throwaway server, and measuring whole processes from outside.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pgmoat::throwaway::{Options, Places, Server, find_or_fetch};

/// A server, and where files go.
pub(crate) struct Bench {
    server: Server,
    pub(crate) folder: PathBuf,
    pub(crate) version: String,
}

/// One run of a process.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    /// Peak resident memory.
    pub(crate) megabytes: f64,
}

#[expect(clippy::print_stdout, reason = "a benchmark is a program of its own")]
fn say(line: &str) {
    println!("{line}");
}

impl Bench {
    pub(crate) fn start() -> Self {
        let var = std::env::var_os;
        let places =
            Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), std::env::temp_dir()).expect("places");
        let places = places.only_from(var("PGMOAT_TEST_BINARIES").as_deref()).expect("an origin");
        let major = var("PGMOAT_TEST_PG").and_then(|major| major.to_str()?.parse().ok());
        let binaries = find_or_fetch(major, &places, &mut say).expect("a server");
        let settings = [
            ("max_connections", "200"),
            ("shared_buffers", "256MB"),
            // one transaction locks every table that it moves
            ("max_locks_per_transaction", "4096"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let server = Server::start(&binaries, &Options { settings, ..Options::default() }, &places).expect("a server");
        let folder = std::env::temp_dir().join(format!("pgmoat-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self { server, folder, version: binaries.version }
    }

    pub(crate) fn say(&self, line: &str) {
        say(line);
    }

    pub(crate) fn conninfo(&self) -> String {
        self.server.conninfo()
    }

    pub(crate) fn log(&self) -> String {
        self.server.log().expect("a log")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// Runs a script that must succeed.
    pub(crate) fn psql(&self, script: &str) {
        let path = self.write("script.sql", script);
        let run = self.psql_command(&path).output().expect("psql");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }

    pub(crate) fn psql_command(&self, script: &Path) -> Command {
        let mut command = self.command("psql");
        command.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-f"]).arg(script);
        command
    }

    pub(crate) fn pgmoat(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_pgmoat"));
        command.args(arguments);
        command
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let port = self.server.port().to_string();
        command.env("PGHOST", self.server.socket_dir()).env("PGPORT", port);
        command.env("PGUSER", "postgres").env("PGDATABASE", "postgres").current_dir(&self.folder);
        command
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs to the end; its output is thrown away, its peak memory read from /proc while it lives.
pub(crate) fn measure(mut command: Command) -> Measured {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a process");
    let mut kilobytes = 0;
    let status = loop {
        kilobytes = peak(child.id()).unwrap_or(0).max(kilobytes);
        match child.try_wait().expect("a process") {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    assert!(status.success(), "{command:?} ended with {status}");
    Measured { seconds: start.elapsed().as_secs_f64(), megabytes: f64::from(kilobytes) / 1024.0 }
}

fn peak(pid: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// A B A B …, after one of each that doesn't count; the medians.
pub(crate) fn in_turn(
    runs: usize,
    mut a: impl FnMut() -> Measured,
    mut b: impl FnMut() -> Measured,
) -> (Measured, Measured) {
    a();
    b();
    let pairs: Vec<(Measured, Measured)> = (0..runs).map(|_| (a(), b())).collect();
    let median = |pick: &dyn Fn(&(Measured, Measured)) -> f64| {
        let mut values: Vec<f64> = pairs.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let a = Measured { seconds: median(&|p| p.0.seconds), megabytes: median(&|p| p.0.megabytes) };
    let b = Measured { seconds: median(&|p| p.1.seconds), megabytes: median(&|p| p.1.megabytes) };
    (a, b)
}

pub(crate) fn report(bench: &Bench, what: &str, pgmoat: Measured, floor: Measured) {
    let ratio = pgmoat.seconds / floor.seconds;
    let memory = if pgmoat.megabytes > 0.0 { format!(", {:.0} MB", pgmoat.megabytes) } else { String::new() };
    let line =
        format!("{what}: pgmoat {:.3} s{memory}; floor {:.3} s; ratio {ratio:.2}", pgmoat.seconds, floor.seconds);
    bench.say(&line);
    std::io::stdout().flush().expect("stdout");
}
