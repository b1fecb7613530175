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
    /// Before the message, which stays on its way: the server learns of the end and of the message only by
    /// [`Proxy::deliver`].
    Late(&'static str, usize),
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
    /// What is still on its way, and on which connection.
    late: Option<(usize, Vec<u8>)>,
}

pub(crate) struct Proxy {
    port: u16,
    user: &'static str,
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
        Proxy { port, user: cluster.user, line }
    }

    pub(crate) fn aim(&self, run: Run) -> Run {
        run.env("PGHOST", "127.0.0.1").env("PGPORT", self.port.to_string()).env("PGUSER", self.user)
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

    /// What was on its way arrives, and then the end.
    pub(crate) fn deliver(&self) {
        let mut line = lock(&self.line);
        let (connection, message) = line.late.take().expect("something on its way");
        let server = &mut line.servers[connection];
        server.write_all(&message).expect("the server is there");
        server.shutdown(Shutdown::Write).expect("the server is there");
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
    // else the second piece of an answer waits 40 ms for the acknowledgement of the first
    client.set_nodelay(true).expect("set");
    let mut from_client = client.try_clone().expect("a clone");
    let mut from_server = server.try_clone().expect("a clone");
    let mut to_client = client.try_clone().expect("a clone");
    let to_server = server.try_clone().expect("a clone");
    let connection = {
        let mut line = lock(line);
        line.clients.push(client);
        line.servers.push(server);
        line.servers.len() - 1
    };
    let shared = Arc::clone(line);
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        let mut messages = Messages::default();
        'open: while let Ok(read @ 1..) = from_client.read(&mut buffer) {
            messages.bytes.extend_from_slice(&buffer[..read]);
            while let Some(message) = messages.next() {
                if !forward(&message, connection, &shared, cut) {
                    break 'open;
                }
            }
        }
        let _ = from_client.shutdown(Shutdown::Both);
        if lock(&shared).late.as_ref().is_none_or(|(late, _)| *late != connection) {
            let _ = to_server.shutdown(Shutdown::Write);
        }
    });
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
}

/// What a client sends, cut into messages.
#[derive(Default)]
struct Messages {
    bytes: Vec<u8>,
    /// The first message has no type; neither has a request for TLS before it, which nobody grants on a socket.
    has_begun: bool,
}

impl Messages {
    fn next(&mut self) -> Option<Vec<u8>> {
        let tag = usize::from(self.has_begun);
        let length: [u8; 4] = self.bytes.get(tag..tag + 4)?.try_into().ok()?;
        let whole = tag + u32::from_be_bytes(length) as usize;
        if self.bytes.len() < whole {
            return None;
        }
        let rest = self.bytes.split_off(whole);
        let message = std::mem::replace(&mut self.bytes, rest);
        self.has_begun |= message.len() > 8;
        Some(message)
    }
}

/// Whether the connection goes on.
fn forward(message: &[u8], connection: usize, line: &Mutex<Line>, cut: Cut) -> bool {
    // one at a time, so that the count of bytes and messages is of all connections
    let mut line = lock(line);
    if line.is_cut {
        return false;
    }
    let before = line.sent;
    line.sent += message.len();
    let hit = |words: &str, line: &mut Line| {
        line.seen += message.windows(words.len()).filter(|window| *window == words.as_bytes()).count();
        line.seen
    };
    let passed = match cut {
        Cut::Never => None,
        Cut::Bytes(limit) => (line.sent >= limit).then(|| limit.saturating_sub(before)),
        Cut::Before(words, nth) | Cut::Late(words, nth) => (hit(words, &mut line) >= nth).then_some(0),
        Cut::After(words, nth) => (hit(words, &mut line) >= nth).then_some(message.len()),
        Cut::One(words, nth) => {
            if hit(words, &mut line) == nth {
                line.has_cut = true;
                let _ = line.clients[connection].shutdown(Shutdown::Both);
                let _ = line.servers[connection].write_all(message);
                return false;
            }
            None
        }
    };
    let Some(passed) = passed else { return line.servers[connection].write_all(message).is_ok() };
    (line.is_cut, line.has_cut) = (true, true);
    // the program first, so that no answer reaches it
    line.clients.iter().for_each(|client| drop(client.shutdown(Shutdown::Both)));
    let _ = line.servers[connection].write_all(&message[..passed]);
    if matches!(cut, Cut::Late(..)) {
        line.late = Some((connection, message.to_vec()));
    }
    let others = line.servers.iter().enumerate().filter(|(n, _)| !matches!(cut, Cut::Late(..)) || *n != connection);
    others.for_each(|(_, server)| drop(server.shutdown(Shutdown::Write)));
    false
}
