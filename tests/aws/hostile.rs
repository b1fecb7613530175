//! What answers isn't AWS, and wants to keep us, to fill our memory, or to send us elsewhere.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pgmoat::secrets::{Stage, Store};

use super::contract::{NAME, first};
use super::{block_on, environment, options};

/// Answers each request by writing what it likes; how often it was asked, and how much it could say.
struct Stranger {
    port: u16,
    asked: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
}

/// What is said to who has asked so often before.
type Answer = dyn Fn(&mut dyn FnMut(&[u8]) -> bool, usize) + Send + Sync;

fn stranger(answer: Box<Answer>) -> Stranger {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (asked, sent) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let stranger = Stranger { port, asked: Arc::clone(&asked), sent: Arc::clone(&sent) };
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (asked, sent, answer) = (Arc::clone(&asked), Arc::clone(&sent), Arc::clone(&answer));
            thread::spawn(move || {
                if request(&mut stream) {
                    let number = asked.fetch_add(1, Ordering::Relaxed);
                    let mut say = |bytes: &[u8]| {
                        sent.fetch_add(bytes.len(), Ordering::Relaxed);
                        stream.write_all(bytes).is_ok()
                    };
                    answer(&mut say, number);
                }
            });
        }
    });
    stranger
}

fn request(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 1 << 14];
    let mut read = Vec::new();
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        read.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let wanted = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= wanted.unwrap_or(0) {
            return true;
        }
    }
    false
}

fn body(text: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
}

fn stores(stranger: &Stranger) -> [Store; 2] {
    let vars = [
        ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", stranger.port)),
        ("AWS_ACCESS_KEY_ID", "AKID".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
    ];
    let environment = environment(vars.map(|(name, value)| (name.to_owned(), value)).to_vec());
    [Store::secrets_manager(options(), &environment), Store::ssm(options(), &environment)]
        .map(|store| store.expect("a store"))
}

#[test]
fn pages_without_end() {
    block_on(async {
        let stranger = stranger(Box::new(|say, number| {
            say(&body(&format!(r#"{{"Parameters": [], "NextToken": "{number}"}}"#)));
        }));
        let [_, ssm] = stores(&stranger);
        let error = ssm.describe(NAME).await.expect_err("no end").to_string();
        assert!(error.contains("it describes two parameters on more than 500 pages"), "{error}");
        assert_eq!(stranger.asked.load(Ordering::Relaxed), 500);
    });
}

#[test]
fn bodies_and_heads_without_end() {
    block_on(async {
        let flood = |begin: &'static str, more: &'static [u8]| {
            stranger(Box::new(move |say, _| {
                say(begin.as_bytes());
                let more = more.repeat(1 << 12);
                while say(&more) {}
            }))
        };
        for (begin, more) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n{\"", &b"x"[..]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n{\"", b"x"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"8\r\nxxxxxxxx\r\n"),
            ("HTTP/1.1 200 OK\r\nX: ", b"x"),
            ("HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
            ("HTTP/1.1 500 No\r\nContent-Length: 209715200\r\n\r\n[", b"["),
            ("", b"x"),
            ("", b"\r\n"),
        ] {
            let stranger = flood(begin, more);
            let [store, _] = stores(&stranger);
            let error = store.describe(NAME).await.expect_err("no answer").to_string();
            assert!(error.len() < 1000, "{}", error.len());
            let (asked, sent) = (stranger.asked.load(Ordering::Relaxed), stranger.sent.load(Ordering::Relaxed));
            assert!(sent / asked < 16 << 20, "{begin}: {sent} in {asked}");
        }
    });
}

/// What is sent is meant for one host alone.
#[test]
fn nobody_is_sent_elsewhere() {
    block_on(async {
        let other = stranger(Box::new(|say, _| {
            say(&body("{}"));
        }));
        for status in ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"] {
            let to = other.port;
            let stranger = stranger(Box::new(move |say, _| {
                let head = format!("HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:{to}/\r\nConnection: close\r\n");
                say(format!("{head}Content-Length: 0\r\n\r\n").as_bytes());
            }));
            for store in stores(&stranger) {
                assert!(store.create(NAME, &first()).await.is_err(), "{status}");
                assert!(store.describe(NAME).await.is_err(), "{status}");
            }
        }
        assert_eq!(other.asked.load(Ordering::Relaxed), 0);
    });
}

/// Deep, wrong, and huge in what it says.
#[test]
fn documents_that_nobody_expects() {
    block_on(async {
        let long = "x".repeat(900_000);
        for text in [
            "[".repeat(500_000),
            "null".to_owned(),
            "\"\"".to_owned(),
            format!(r#"{{"__type": "{long}", "message": "{long}"}}"#),
            format!(
                r#"{{"ARN": "{long}", "Name": 1, "VersionIdsToStages": {{"{long}": ["AWSCURRENT"]}}, "Tags": [[]]}}"#
            ),
            r#"{"SecretString": "{}", "Parameter": {"Value": "postgresql://", "Version": -1}}"#.to_owned(),
            r#"{"Parameters": [{"Name": "/x", "Version": 1e300}], "NextToken": {}}"#.to_owned(),
        ] {
            let answer = body(&text);
            let stranger = stranger(Box::new(move |say, _| {
                say(&answer);
            }));
            for store in stores(&stranger) {
                let _ = store.describe(NAME).await;
                if let Err(error) = store.read(NAME, Stage::Current).await {
                    assert!(error.to_string().len() < 1000, "{}", error.to_string().len());
                }
            }
        }
    });
}
