//! A server that speaks PostgreSQL's protocol as it likes, in the test's own process.
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Ends with the test's process.
pub(crate) struct Hostile {
    pub(crate) port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
    sent: Arc<AtomicUsize>,
}

/// A socket, perhaps with TLS above it.
trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

/// One victim.
pub(crate) struct Victim {
    stream: Option<Box<dyn Stream>>,
    heard: Arc<Mutex<Vec<u8>>>,
    sent: Arc<AtomicUsize>,
}

impl Hostile {
    /// Does this to everybody who comes, once his startup message is read, and then waits until he is gone.
    pub(crate) fn start(script: impl Fn(&mut Victim) -> io::Result<()> + Send + Sync + 'static) -> Hostile {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (heard, sent) = (Arc::default(), Arc::default());
        let hostile = Hostile { port, heard: Arc::clone(&heard), sent: Arc::clone(&sent) };
        let script = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut victim =
                    Victim { stream: Some(Box::new(stream)), heard: Arc::clone(&heard), sent: Arc::clone(&sent) };
                let script = Arc::clone(&script);
                thread::spawn(move || {
                    let done = victim.startup().and_then(|()| script(&mut victim));
                    if done.is_ok() {
                        while victim.hear(1).is_ok() {}
                    }
                });
            }
        });
        hostile
    }

    pub(crate) fn conninfo(&self, rest: &str) -> String {
        format!("host=127.0.0.1 port={} user=u dbname=d password=hunter2 {rest}", self.port)
    }

    /// All that anybody told it.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.lock().expect("no panic").clone()
    }

    pub(crate) fn has_heard(&self, text: &str) -> bool {
        self.heard().windows(text.len()).any(|part| part == text.as_bytes())
    }

    /// How many bytes were taken from it, or wait in buffers of the system.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Victim {
    /// Who asks for TLS gets it, with a certificate that signs itself.
    fn startup(&mut self) -> io::Result<()> {
        let length = self.hear(4)?;
        let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize;
        if self.hear(length - 4)? != 80_877_103_u32.to_be_bytes() {
            return Ok(());
        }
        self.say(b"S")?;
        let connection = ServerConnection::new(tls()).map_err(io::Error::other)?;
        let plain = self.stream.take().expect("a stream");
        self.stream = Some(Box::new(StreamOwned::new(connection, plain)));
        self.startup()
    }

    fn stream(&mut self) -> &mut dyn Stream {
        self.stream.as_mut().expect("a stream")
    }

    pub(crate) fn hear(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream().read_exact(&mut bytes)?;
        self.heard.lock().expect("no panic").extend_from_slice(&bytes);
        Ok(bytes)
    }

    /// A message of the victim: its type and body.
    pub(crate) fn message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let head = self.hear(5)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        Ok((head[0], self.hear(length - 4)?))
    }

    pub(crate) fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream().write_all(bytes)?;
        self.stream().flush()?;
        self.sent.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(())
    }

    pub(crate) fn say_again_and_again(&mut self, bytes: &[u8]) -> io::Result<()> {
        loop {
            self.say(bytes)?;
        }
    }

    /// Lets the victim in, and is ready for its first question.
    pub(crate) fn let_in(&mut self) -> io::Result<()> {
        self.say(&ask(0, b""))?;
        for (name, value) in [("server_version", "17.0"), ("server_encoding", "UTF8")] {
            self.say(&parameter(name, value))?;
        }
        self.say(&message(b'K', &[0; 8]))?;
        self.say(&READY)
    }

    /// Lets the victim in, and waits for a question to its end (Sync, or a simple query).
    pub(crate) fn question(&mut self) -> io::Result<()> {
        self.let_in()?;
        while !matches!(self.message()?.0, b'S' | b'Q') {}
        Ok(())
    }

    /// Asks for SCRAM, and goes on with this many rounds and these bytes as its signature.
    pub(crate) fn scram(&mut self, rounds: u32, signature: &str) -> io::Result<()> {
        self.say(&ask(10, b"SCRAM-SHA-256\0\0"))?;
        let first = String::from_utf8_lossy(&self.message()?.1).into_owned();
        let nonce = first.split("r=").nth(1).unwrap_or_default().to_owned();
        self.say(&ask(11, format!("r={nonce}server,s=c2FsdHNhbHRzYWx0,i={rounds}").as_bytes()))?;
        self.message()?;
        self.say(&ask(12, format!("v={signature}").as_bytes()))?;
        self.let_in()
    }
}

fn tls() -> Arc<ServerConfig> {
    static CONFIG: OnceLock<Arc<ServerConfig>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key));
        Arc::new(config.expect("a configuration"))
    });
    Arc::clone(config)
}

pub(crate) const READY: [u8; 6] = *b"Z\0\0\0\x05I";

pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("short");
    [&[kind][..], &length.to_be_bytes(), body].concat()
}

/// A request for authentication.
pub(crate) fn ask(code: u32, more: &[u8]) -> Vec<u8> {
    message(b'R', &[&code.to_be_bytes()[..], more].concat())
}

pub(crate) fn parameter(name: &str, value: &str) -> Vec<u8> {
    message(b'S', format!("{name}\0{value}\0").as_bytes())
}

/// An error, or a notice.
pub(crate) fn words(kind: u8, severity: &str, code: &str, text: &str) -> Vec<u8> {
    message(kind, format!("S{severity}\0V{severity}\0C{code}\0M{text}\0D{text}\0H{text}\0\0").as_bytes())
}

/// The answer to Parse, Bind and Describe, with so many columns of type text; rows follow.
pub(crate) fn described(columns: u16) -> Vec<u8> {
    let column = [b"c\0".as_slice(), &[0; 6], &25_u32.to_be_bytes(), &[255, 255, 255, 255, 255, 255, 0, 0]].concat();
    let body = [columns.to_be_bytes().as_slice(), &column.repeat(columns.into())].concat();
    [message(b'1', b""), message(b't', &[0, 0]), message(b'2', b""), message(b'T', &body)].concat()
}

/// A row of nulls.
pub(crate) fn row(columns: u16) -> Vec<u8> {
    message(b'D', &[columns.to_be_bytes().as_slice(), &[255; 4].repeat(columns.into())].concat())
}
