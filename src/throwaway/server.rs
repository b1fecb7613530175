use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::binaries::Binaries;
use super::cache::{Places, make_once};
use super::container::Container;
use super::error::{Doing, Error, tail};
use super::supervisor::Supervisor;
use super::user::Runner;

/// A socket's folder is the server's own, so its port need not differ from the others'.
const SOCKET_PORT: u16 = 5432;
const PATIENCE: Duration = Duration::from_secs(60);

/// What goes before the caller's settings.
const SETTINGS: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("shared_buffers", "16MB"),
    ("max_connections", "100"),
    // The usual values; initdb derives smaller ones from our small WAL segments.
    ("max_wal_size", "1GB"),
    ("min_wal_size", "80MB"),
    ("log_destination", "stderr"),
    ("logging_collector", "off"),
];

/// Copying is most of what a start takes: with WAL segments of 16 MB there would be 39 MB to copy, so there are 28.
const INITDB: &[&str] = &[
    "--username=postgres",
    "--auth-local=trust",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    "--wal-segsize=1",
];

/// What a server is to be like. The default is a server on a socket alone.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Parameters for postgresql.conf; they win over ours, and later ones over earlier ones.
    pub settings: Vec<(String, String)>,
    /// Listens on a free port of 127.0.0.1 too.
    pub tcp: bool,
    /// The whole of pg_hba.conf. Without it: `trust` on the socket, which others can't reach, and SCRAM on TCP, where
    /// nobody has a password yet.
    pub hba: Option<String>,
    /// Files to put into the data directory, readable by the server alone, such as `server.key`.
    pub files: Vec<(String, Vec<u8>)>,
    /// Begins as a copy of this data directory, of a server of the same binaries that was [shut down](Server::shut_down). Its settings hold as
    /// far as these don't say otherwise.
    pub copy_of: Option<PathBuf>,
}

/// A running server. It is stopped and removed when this value is dropped, and also when this process dies of whatever.
pub struct Server {
    // Dropped first: it stops the server and removes the folder; then `Folder` removes what was left.
    supervisor: Supervisor,
    folder: Folder,
    runner: Runner,
    port: u16,
    tcp: bool,
    pid: u32,
}

impl Server {
    /// Starts a new, empty server, and returns when it accepts connections.
    pub fn start(binaries: &Binaries, options: &Options, places: &Places) -> Result<Server, Error> {
        let runner = Runner::find()?;
        let settings = render(options)?;
        let template = match &options.copy_of {
            Some(data) => data.clone(),
            None => template(binaries, places, runner)?,
        };
        let folder = Folder(places.run_folder(runner)?);
        // The server's user writes it, whoever else opens it first.
        let log = folder.0.join("log");
        fs::write(&log, "").doing("write", &log)?;
        runner.give(&log)?;
        let supervisor =
            Supervisor::spawn(runner, binaries, &template, &folder.0).map_err(|error| with_log(error, &folder.0))?;
        let mut server = Server { supervisor, folder, runner, port: SOCKET_PORT, tcp: options.tcp, pid: 0 };
        server.configure(&settings)?;
        if let Some(hba) = &options.hba {
            server.write_file("pg_hba.conf", hba.as_bytes())?;
        }
        for (name, contents) in &options.files {
            server.write_file(name, contents)?;
        }
        server.start_somewhere()?;
        Ok(server)
    }

    /// A connection string, as the superuser, over the socket.
    pub fn conninfo(&self) -> String {
        let folder = self.socket_dir().display().to_string().replace('\\', r"\\").replace('\'', r"\'");
        format!("host='{folder}' port={} user=postgres dbname=postgres", self.port)
    }

    /// A connection string, as the superuser, over TCP, if the server listens there. It names no password.
    pub fn tcp_conninfo(&self) -> Option<String> {
        self.tcp.then(|| format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port))
    }

    /// The folder with the socket.
    pub fn socket_dir(&self) -> &Path {
        &self.folder.0
    }

    /// The port, of the socket and of TCP.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.0.join("data")
    }

    /// The process id of the postmaster.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The user id that the server runs as.
    pub fn uid(&self) -> u32 {
        self.runner.uid()
    }

    /// Everything the server has logged.
    pub fn log(&self) -> io::Result<String> {
        fs::read(self.folder.0.join("log")).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Puts a file into the data directory, readable by the server alone. The server doesn't notice by itself:
    /// `pg_reload_conf()` or [`Server::restart`].
    pub fn write_file(&self, name: &str, contents: &[u8]) -> Result<(), Error> {
        let path = self.data_dir().join(name);
        let mut file = OpenOptions::new();
        file.write(true).create(true).truncate(true).mode(0o600);
        file.open(&path).and_then(|mut file| file.write_all(contents)).doing("write", &path)?;
        self.runner.give(&path)
    }

    /// Adds lines to postgresql.conf, where the last one of a name wins. Takes effect as in [`Server::write_file`].
    pub fn set(&self, settings: &[(&str, &str)]) -> Result<(), Error> {
        let mut lines = String::new();
        for (name, value) in settings {
            lines.push_str(&setting(name, value)?);
        }
        self.configure(&lines)
    }

    /// Shuts down in order, dropping connections, and leaves the data where it is, until this value is dropped. [`Server::restart`] starts it.
    pub fn shut_down(&mut self) -> Result<(), Error> {
        self.supervisor.stop("INT")
    }

    /// Shuts down in order, dropping connections, and starts again on the same data; also starts a server that was killed.
    pub fn restart(&mut self) -> Result<(), Error> {
        self.supervisor.stop("INT")?;
        self.start_here()
    }

    /// Ends the server as a crash would: nothing is written, the next start recovers. [`Server::restart`] starts it.
    pub fn kill_immediately(&mut self) -> Result<(), Error> {
        self.supervisor.stop("QUIT")
    }

    /// Stops the server and removes everything of it, like a drop, but tells whether that worked.
    pub fn stop(mut self) -> Result<(), Error> {
        self.supervisor.finish()?;
        self.folder.remove().doing("remove", &self.folder.0)
    }

    fn configure(&self, lines: &str) -> Result<(), Error> {
        let path = self.data_dir().join("postgresql.conf");
        let file = OpenOptions::new().append(true).open(&path);
        file.and_then(|mut file| file.write_all(lines.as_bytes())).doing("write", &path)
    }

    /// Nothing keeps a free port free until the server has it: so a few are tried.
    fn start_somewhere(&mut self) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            self.place()?;
            tries += 1;
            match self.start_here() {
                Err(Error::NotReady { log, .. }) if self.tcp && tries < 5 && log.contains("TCP/IP sockets") => {
                    self.supervisor.stop("QUIT")?;
                }
                other => return other,
            }
        }
    }

    fn place(&mut self) -> Result<(), Error> {
        if self.tcp {
            let loopback = Path::new("127.0.0.1");
            let listener = TcpListener::bind(("127.0.0.1", 0)).doing("find a free port of", loopback)?;
            self.port = listener.local_addr().doing("find a free port of", loopback)?.port();
        }
        let folder = self.folder.0.display().to_string();
        let port = self.port.to_string();
        let addresses = if self.tcp { "127.0.0.1" } else { "" };
        self.set(&[("unix_socket_directories", &folder), ("port", &port), ("listen_addresses", addresses)])
    }

    fn start_here(&mut self) -> Result<(), Error> {
        self.pid = self.supervisor.start()?;
        let began = Instant::now();
        loop {
            let state = fs::read_to_string(self.data_dir().join("postmaster.pid")).unwrap_or_default();
            if is_ready(&state, self.pid) {
                return Ok(());
            }
            let why = if self.folder.0.join("ended").exists() {
                "it ended while starting"
            } else if began.elapsed() > PATIENCE {
                "it accepts no connections after a minute"
            } else {
                thread::sleep(Duration::from_millis(10));
                continue;
            };
            return Err(Error::NotReady { why: why.to_owned(), log: tail(&self.log().unwrap_or_default()) });
        }
    }
}

/// Line 8 of postmaster.pid is the state, padded with blanks. A server that was killed leaves the file as it was: so line 1,
/// the process id, must be of this start.
fn is_ready(postmaster_pid: &str, pid: u32) -> bool {
    let mut lines = postmaster_pid.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}

/// The folder of one server, removed in the end. Usually the supervising shell was faster.
struct Folder(PathBuf);

impl Folder {
    fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A drop can't report; whoever wants to know calls `stop`.
        let _ = self.remove();
    }
}

/// A fresh data directory, which every server of these binaries begins as a copy of.
fn template(binaries: &Binaries, places: &Places, runner: Runner) -> Result<PathBuf, Error> {
    let mut recipe = binaries.bin.as_os_str().as_encoded_bytes().to_vec();
    recipe.extend(binaries.image.iter().flat_map(|image| image.id.bytes()));
    recipe.extend(INITDB.iter().flat_map(|argument| argument.bytes()));
    let recipe = Sha256::digest(&recipe);
    let version = binaries.version.replace('.', "_");
    let name = format!("{version}-{:02x}{:02x}{:02x}-{}", recipe[0], recipe[1], recipe[2], runner.uid());
    let target = places.cache_folder("templates", runner)?.join(name);
    make_once(&target, |fresh| {
        fs::create_dir(fresh).doing("make the folder", fresh)?;
        runner.give(fresh)?;
        let initdb = binaries.bin.join("initdb");
        let mut command = match &binaries.image {
            Some(image) => {
                let container = Container { runner, folders: &[fresh], name: None };
                let mut command = Command::new(&image.docker);
                command.args(container.initdb(image, &initdb));
                command
            }
            None => runner.command(&initdb),
        };
        command.args(INITDB).arg("-D").arg(fresh);
        let output = command.output().doing("run", &initdb)?;
        if output.status.success() {
            return Ok(());
        }
        let text = [output.stdout, output.stderr].concat();
        Err(Error::Program {
            program: initdb.display().to_string(),
            status: output.status.to_string(),
            output: tail(&String::from_utf8_lossy(&text)),
        })
    })?;
    Ok(target)
}

fn render(options: &Options) -> Result<String, Error> {
    let mut lines = String::from("\n# a throwaway server\n");
    for (name, value) in SETTINGS {
        lines.push_str(&setting(name, value)?);
    }
    for (name, value) in &options.settings {
        lines.push_str(&setting(name, value)?);
    }
    Ok(lines)
}

/// A line of postgresql.conf. Between its quotes a backslash means something.
fn setting(name: &str, value: &str) -> Result<String, Error> {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    if name.is_empty() || !name.chars().all(known) || value.contains(['\n', '\r', '\0']) {
        return Err(Error::BadSetting(name.to_owned()));
    }
    let mut line = String::new();
    let value = value.replace('\\', r"\\").replace('\'', "''");
    // Writing to a String can't fail.
    let _ = writeln!(line, "{name} = '{value}'");
    Ok(line)
}

fn with_log(error: Error, run: &Path) -> Error {
    match error {
        Error::NotReady { why, .. } => {
            Error::NotReady { why, log: tail(&fs::read_to_string(run.join("log")).unwrap_or_default()) }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_server_is_ready() {
        let file = "4711\n/tmp/x/data\n1700000000\n5432\n/tmp/x\n\n  123 4\nready   \n";
        assert!(is_ready(file, 4711));
        assert!(!is_ready(file, 471));
        assert!(!is_ready(&file.replace("ready", "starting"), 4711));
        assert!(!is_ready("", 4711));
    }

    #[test]
    fn settings_are_quoted() {
        assert_eq!(setting("a.b", r"it's C:\x").ok().as_deref(), Some("a.b = 'it''s C:\\\\x'\n"));
        assert!(setting("a b", "").is_err());
        assert!(setting("a", "1\nfsync = on").is_err());
    }
}
