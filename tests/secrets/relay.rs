//! Between the program and everything else: counts what it says to the server and to the store, and kills it at one of its
//! messages, once that has arrived.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::aws::{Server, Turn, When};
use crate::run::{Output, Run};

/// What is to happen to the run.
#[derive(Default)]
pub(crate) struct Fate {
    /// Messages so far.
    pub(crate) count: usize,
    /// At which it dies.
    pub(crate) at: Option<usize>,
    /// Only once it has spoken to the store.
    pub(crate) from_store_on: bool,
    process: Option<u32>,
    is_dead: bool,
}

pub(crate) struct Relay {
    pub(crate) port: u16,
    fate: Arc<Mutex<Fate>>,
}

impl Relay {
    /// To a port of this machine, and for the store's requests.
    pub(crate) fn start(to: u16, store: &Server) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let fate = Arc::new(Mutex::new(Fate::default()));
        let shared = Arc::clone(&fate);
        // ends with the test's process
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(("127.0.0.1", to)).expect("the server");
                converse(client, server, Arc::clone(&shared));
            }
        });
        let shared = Arc::clone(&fate);
        store.world().hook = Box::new(move |when, _, _| {
            let mut fate = lock(&shared);
            let lives = match when {
                When::Before => {
                    fate.from_store_on = false;
                    fate.comes()
                }
                When::After => fate.has_come(),
            };
            if lives { Turn::Go } else { Turn::Cut }
        });
        Relay { port, fate }
    }

    /// A run that dies at this message, if it comes as far; and how many there were.
    pub(crate) fn run(&self, run: Run, at: Option<usize>, from_store_on: bool) -> (Output, usize) {
        let mut fate = lock(&self.fate);
        *fate = Fate { at, from_store_on, ..Fate::default() };
        let running = run.start();
        fate.process = Some(running.child.id());
        drop(fate);
        let end = running.end();
        let mut fate = lock(&self.fate);
        let count = fate.count;
        *fate = Fate::default();
        (end, count)
    }
}

impl Fate {
    /// A message; false if it isn't to arrive.
    fn comes(&mut self) -> bool {
        if self.is_dead {
            return false;
        }
        if !self.from_store_on {
            self.count += 1;
        }
        true
    }

    /// It has arrived; false if nobody hears the answer any more.
    fn has_come(&mut self) -> bool {
        if self.at == Some(self.count) {
            self.kill();
        }
        !self.is_dead
    }

    fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            let done = Command::new("kill").args(["-9", &process.to_string()]).status().expect("kill");
            assert!(done.success(), "{process} is there");
            self.is_dead = true;
        }
    }
}

fn lock(fate: &Mutex<Fate>) -> MutexGuard<'_, Fate> {
    fate.lock().unwrap_or_else(PoisonError::into_inner)
}

fn converse(client: TcpStream, server: TcpStream, fate: Arc<Mutex<Fate>>) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).expect("an open socket");
    }
    let (mut from_client, mut to_client) = (client.try_clone().expect("a clone"), client);
    let (mut from_server, mut to_server) = (server.try_clone().expect("a clone"), server);
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from_client.read(&mut buffer) {
            if !lock(&fate).comes() || to_server.write_all(&buffer[..read]).is_err() || !lock(&fate).has_come() {
                break;
            }
        }
        let _ = to_server.shutdown(Shutdown::Write);
        let _ = from_client.shutdown(Shutdown::Read);
    });
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
}
