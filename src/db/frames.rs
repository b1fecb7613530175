//! Watches the messages that a server sends, before the driver has them: their sizes, and what the server asks for.
//!
//! The driver makes room for as many bytes as a message says that it has, answers each request for a password, and keeps
//! all rows of an answer. Whoever answers may be hostile, so each has a bound here.
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>

use super::require_auth::{Method, Methods};

/// The longest message before the server has let us in, as in libpq: an error's; others are shorter.
const LONGEST_REFUSAL: u64 = 30_000;
/// The longest request for authentication, as in libpq.
const LONGEST_REQUEST: u64 = 2_000;
/// The longest message of those that begin a session.
const LONGEST_GREETING: u64 = 64 << 10;
/// All messages before the first question.
const MOST_GREETINGS: u64 = 1 << 20;
/// The longest message of an answer: a row.
const LONGEST_ROW: u64 = 64 << 20;
/// All of one answer.
const LARGEST_ANSWER: u64 = 512 << 20;
/// All parameters that a session reports, which are kept as long as it lasts.
const MOST_PARAMETERS: u64 = 1 << 20;
/// What a message costs besides its bytes, and what a column does: whoever sends many small ones fills the memory, too.
const MESSAGE: u64 = 256;
const COLUMN: u64 = 24;
const NOTICE: u64 = 4096;
/// RFC 7677 wants as many rounds at least; whoever asks for fewer wants to guess the password.
const FEWEST_ROUNDS: u32 = 4096;
/// Half a second of work, in which nothing else is done.
const MOST_ROUNDS: u32 = 1_000_000;

/// What a server may ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accepted {
    pub(super) methods: Methods,
    /// The server's identity is known: it may make the password as easy to guess as it likes.
    pub(super) verified: bool,
}

/// What a server did that it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A message of an impossible length.
    #[error("it sent a message of {length} bytes, where {longest} are the most")]
    Message {
        /// As it says itself.
        length: u64,
        /// The limit.
        longest: u64,
    },
    /// More than an answer may have.
    #[error("it sent more than {most} bytes {}", if *.most == LARGEST_ANSWER { "in one answer" } else { "unasked" })]
    Total {
        /// The limit.
        most: u64,
    },
    /// A length that no message has.
    #[error("it sent a message whose length is {length}")]
    Length {
        /// As it says itself.
        length: i32,
    },
    /// A way of authentication that isn't accepted.
    #[error("it asks for {}", .0.asks_for())]
    Asks(Asks),
    /// SCRAM with so few rounds that a password is guessed, or so many that we do nothing else.
    #[error("it asks for {rounds} rounds of SCRAM-SHA-256, where {FEWEST_ROUNDS} to {MOST_ROUNDS} are usual")]
    Rounds {
        /// The iteration count.
        rounds: u32,
    },
}

/// A way of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks(pub(super) Method);

impl Asks {
    fn asks_for(self) -> &'static str {
        self.0.asks_for()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Authentication,
    Startup,
    Session,
}

/// Returns the first thing in these messages of a server that it may not do, where they come in pieces of this many bytes: for the
/// fuzzer and its tests.
#[must_use]
pub fn first_breach(messages: &[u8], piece: usize) -> Option<Breach> {
    let mut frames = Frames::new(Accepted { methods: Methods::of(&[Method::Scram]), verified: false });
    messages.chunks(piece.max(1)).find_map(|piece| frames.feed(piece).err())
}

/// Where in the stream of messages we are.
#[derive(Debug)]
pub(super) struct Frames {
    accepted: Accepted,
    phase: Phase,
    /// How the server has asked so far.
    asked: Method,
    head: [u8; 5],
    /// How many bytes of the head there are.
    got: usize,
    /// How many bytes of the body are to come.
    left: u64,
    /// The first bytes of the body, as many as are looked at.
    body: Vec<u8>,
    wanted: usize,
    /// Since the last answer ended.
    spent: u64,
    parameters: u64,
}

impl Frames {
    pub(super) fn new(accepted: Accepted) -> Frames {
        Frames {
            accepted,
            phase: Phase::Authentication,
            asked: Method::None,
            head: [0; 5],
            got: 0,
            left: 0,
            body: Vec::new(),
            wanted: 0,
            spent: 0,
            parameters: 0,
        }
    }

    /// Looks at the next bytes. After an error there is no sense in more.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Breach> {
        while !bytes.is_empty() {
            if self.got < self.head.len() {
                let (now, rest) = bytes.split_at(bytes.len().min(self.head.len() - self.got));
                self.head[self.got..self.got + now.len()].copy_from_slice(now);
                (self.got, bytes) = (self.got + now.len(), rest);
                if self.got == self.head.len() {
                    self.begin()?;
                }
            } else {
                let now = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
                let looked_at = now.min(self.wanted - self.body.len());
                self.body.extend_from_slice(&bytes[..looked_at]);
                (self.left, bytes) = (self.left - now as u64, &bytes[now..]);
            }
            if self.got == self.head.len() && self.left == 0 {
                self.end()?;
            }
        }
        Ok(())
    }

    /// The head is there.
    fn begin(&mut self) -> Result<(), Breach> {
        let [kind, length @ ..] = self.head;
        let length = i32::from_be_bytes(length);
        self.left =
            u64::try_from(length).ok().and_then(|length| length.checked_sub(4)).ok_or(Breach::Length { length })?;
        let longest = match (self.phase, kind) {
            (Phase::Authentication, b'E') => LONGEST_REFUSAL,
            (Phase::Authentication, _) => LONGEST_REQUEST,
            (Phase::Startup, _) => LONGEST_GREETING,
            (Phase::Session, _) => LONGEST_ROW,
        };
        if self.left > longest {
            return Err(Breach::Message { length: self.left, longest });
        }
        self.wanted = match (self.phase, kind) {
            (Phase::Authentication, b'R') => usize::try_from(self.left).unwrap_or(0),
            (_, b'D') => 2,
            _ => 0,
        };
        self.body.clear();
        Ok(())
    }

    /// The whole message is there.
    fn end(&mut self) -> Result<(), Breach> {
        let [kind, length @ ..] = self.head;
        let size = u64::from(u32::from_be_bytes(length)) + MESSAGE;
        self.got = 0;
        let more = match (kind, self.body.as_slice()) {
            (b'D', [high, low, ..]) => COLUMN * u64::from(u16::from_be_bytes([*high, *low])),
            (b'N', _) => NOTICE,
            _ => 0,
        };
        self.spent += size + more;
        let most = if self.phase == Phase::Session { LARGEST_ANSWER } else { MOST_GREETINGS };
        if self.spent > most {
            return Err(Breach::Total { most });
        }
        match (self.phase, kind) {
            (Phase::Authentication, b'R') => self.authentication(),
            (_, b'S') => {
                self.parameters += size;
                if self.parameters > MOST_PARAMETERS { Err(Breach::Total { most: MOST_PARAMETERS }) } else { Ok(()) }
            }
            (Phase::Startup | Phase::Session, b'Z') => {
                (self.phase, self.spent) = (Phase::Session, 0);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What the server asks for, which the driver would answer.
    fn authentication(&mut self) -> Result<(), Breach> {
        let (code, rest) = self.body.split_at_checked(4).unwrap_or_default();
        let code = code.try_into().map_or(0, u32::from_be_bytes);
        match code {
            // whoever was asked for nothing before was let in without
            0 => self.phase = Phase::Startup,
            3 => self.asked = Method::Password,
            5 => self.asked = Method::Md5,
            7 | 8 => self.asked = Method::Gss,
            9 => self.asked = Method::Sspi,
            10 => self.asked = if rest.starts_with(b"OAUTHBEARER\0") { Method::Oauth } else { Method::Scram },
            11 => self.rounds(rest)?,
            // the driver speaks none of the others
            _ => {}
        }
        let asks_now = matches!(code, 0 | 3 | 5 | 7 | 9 | 10);
        if asks_now && !self.accepted.methods.has(self.asked) { Err(Breach::Asks(Asks(self.asked))) } else { Ok(()) }
    }

    /// `r=…,s=…,i=4096`, the server's first message of SCRAM.
    fn rounds(&self, first: &[u8]) -> Result<(), Breach> {
        let text = String::from_utf8_lossy(first);
        let rounds = text.split(',').find_map(|part| part.strip_prefix("i="));
        // the driver refuses what isn't a number
        let Some(rounds) = rounds.and_then(|rounds| rounds.parse().ok()) else { return Ok(()) };
        let few = rounds < FEWEST_ROUNDS && !self.accepted.verified;
        if few || rounds > MOST_ROUNDS { Err(Breach::Rounds { rounds }) } else { Ok(()) }
    }
}
