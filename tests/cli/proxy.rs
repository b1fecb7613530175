//! A bad network between the program and the server: it cuts, at a byte or at a message.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::cluster::Cluster;
use crate::run::Run;

/// When all connections end, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Never,
    /// Once the program has sent so many bytes.
    Bytes(usize),
    /// Instead of the message, counted from 1, that holds these words.
    Before(&'static str, usize),
    /// Once the server has it, before the answer comes back.
    After(&'static str, usize),
    /// The same, but only the connection that carried it ends.
    One(&'static str, usize),
}

#[derive(Default)]
struct Line {
    sent: usize,
    seen: usize,
    is_cut: bool,
    has_cut: bool,
    /// Both ends of every connection.
    clients: Vec<TcpStream>,
    servers: Vec<UnixStream>,
}

pub(crate) struct Proxy {
    port: u16,
    line: Arc<Mutex<Line>>,
}

impl Proxy {
    pub(crate) fn start(cluster: &Cluster, cut: Cut) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let socket = cluster.server.socket_dir().join(format!(".s.PGSQL.{}", cluster.server.port()));
        let line = Arc::new(Mutex::new(Line::default()));
        let shared = Arc::clone(&line);
        // ends with the test's process: it waits for a connection that never comes
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                connect(client, &socket, &shared, cut);
            }
        });
        Proxy { port, line }
    }

    pub(crate) fn aim(&self, run: Run) -> Run {
        run.env("PGHOST", "127.0.0.1").env("PGPORT", self.port.to_string()).env("PGUSER", "postgres")
    }

    /// How many bytes the program has sent.
    pub(crate) fn sent(&self) -> usize {
        lock(&self.line).sent
    }

    /// How often the message came by.
    pub(crate) fn seen(&self) -> usize {
        lock(&self.line).seen
    }

    pub(crate) fn has_cut(&self) -> bool {
        lock(&self.line).has_cut
    }
}

fn lock(line: &Mutex<Line>) -> std::sync::MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(client: TcpStream, socket: &PathBuf, line: &Arc<Mutex<Line>>, cut: Cut) {
    if lock(line).is_cut {
        return;
    }
    let Ok(server) = UnixStream::connect(socket) else { return };
    let mut from_client = client.try_clone().expect("a clone");
    let mut from_server = server.try_clone().expect("a clone");
    let mut to_client = client.try_clone().expect("a clone");
    let mut to_server = server.try_clone().expect("a clone");
    {
        let mut line = lock(line);
        line.clients.push(client);
        line.servers.push(server);
    }
    let shared = Arc::clone(line);
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from_client.read(&mut buffer) {
            if !forward(&buffer[..read], (&from_client, &mut to_server), &shared, cut) {
                break;
            }
        }
        let _ = from_client.shutdown(Shutdown::Both);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
}

fn forward(bytes: &[u8], (client, to_server): (&TcpStream, &mut UnixStream), line: &Mutex<Line>, cut: Cut) -> bool {
    // one at a time, so that the count of bytes and messages is of all connections
    let mut line = lock(line);
    if line.is_cut {
        return false;
    }
    let before = line.sent;
    line.sent += bytes.len();
    let hit = |words: &str, line: &mut Line| {
        line.seen += bytes.windows(words.len()).filter(|window| *window == words.as_bytes()).count();
        line.seen
    };
    let passed = match cut {
        Cut::Never => None,
        Cut::Bytes(limit) => (line.sent >= limit).then(|| limit.saturating_sub(before)),
        Cut::Before(words, nth) => (hit(words, &mut line) >= nth).then_some(0),
        Cut::One(words, nth) => {
            if hit(words, &mut line) == nth {
                line.has_cut = true;
                let _ = client.shutdown(Shutdown::Both);
                let _ = to_server.write_all(bytes);
                return false;
            }
            None
        }
        Cut::After(words, nth) => (hit(words, &mut line) >= nth).then_some(bytes.len()),
    };
    let Some(passed) = passed else { return to_server.write_all(bytes).is_ok() };
    (line.is_cut, line.has_cut) = (true, true);
    // the program first, so that no answer reaches it
    line.clients.iter().for_each(|client| drop(client.shutdown(Shutdown::Both)));
    let _ = to_server.write_all(&bytes[..passed]);
    line.servers.iter().for_each(|server| drop(server.shutdown(Shutdown::Write)));
    false
}
