//! Whoever answers may be hostile: what a false server gets of us, how long it holds us, and how much it makes us keep.

use std::time::Duration;

use crate::fixture::{Fixture, NAME, refused, resolve, run, session};
use crate::server::{Hostile, READY, Victim, ask, described, message, parameter, row, words};
use pgmoat::db::{Client, ConnectError, Conninfo, Environment, Limits, Session, StatementError, connect};

const SALT: [u8; 4] = *b"salt";

fn lies_in_wait(first: &'static [u8]) -> Hostile {
    Hostile::start(move |victim| {
        victim.say(first)?;
        // whoever answers is thanked and let in
        victim.message()?;
        victim.let_in()
    })
}

async fn meets(hostile: &Hostile, rest: &str) -> Result<Session, ConnectError> {
    connect(&resolve(&hostile.conninfo(rest)).with_connect_timeout(Some(Duration::from_secs(60)))).await
}

/// Without a certificate that shows who it is, no server is told a password, or anything by which it is found at once.
#[test]
fn each_request_for_authentication() {
    run(async {
        let codes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 99, u32::MAX];
        let more: [&[u8]; 3] = [b"", &SALT, b"v=abc,i=1,r=x"];
        for (code, more) in codes.into_iter().flat_map(|code| more.map(|more| (code, more))) {
            let first = Box::leak(ask(code, more).into_boxed_slice());
            let hostile = lies_in_wait(first);
            let error = meets(&hostile, "").await.expect_err("no session");
            let shown = format!("{error} {error:?} {:?}", error.hint());
            assert!(!shown.contains("hunter2"), "{shown}");
            let heard = hostile.heard();
            assert!(!heard.windows(2).any(|part| part == b"p\0"), "{code}: {heard:?}");
            match code {
                3 | 5 => assert!(matches!(error, ConnectError::NotAccepted { .. }), "{code}: {error:?}"),
                _ => assert!(!matches!(error, ConnectError::Timeout { .. }), "{code}: {error:?}"),
            }
        }
    });
}

#[test]
fn mechanisms_that_nobody_knows() {
    run(async {
        for list in
            [&b"\0"[..], b"", b"SCRAM-SHA-1\0\0", b"OAUTHBEARER\0\0", b"SCRAM-SHA-256-PLUS\0\0", b"\xff\xfe\0\0", b"X"]
        {
            let first = Box::leak(ask(10, list).into_boxed_slice());
            let hostile = lies_in_wait(first);
            let error = meets(&hostile, "").await.expect_err("no session");
            assert!(!matches!(error, ConnectError::Timeout { .. }), "{error:?}");
            assert!(!hostile.has_heard("hunter2"));
        }
    });
}

/// libpq's `require_auth`, in the string and in the environment.
#[test]
fn who_says_require_auth_gets_that() {
    run(async {
        let cleartext: &[u8] = b"R\0\0\0\x08\0\0\0\x03";
        let md5: &[u8] = b"R\0\0\0\x0c\0\0\0\x05salt";
        let trust: &[u8] = b"";
        for (first, words, gets_in) in [
            (cleartext, "password", true),
            (cleartext, "!md5", true),
            (cleartext, "md5,scram-sha-256", false),
            (cleartext, "!password", false),
            (md5, "md5", true),
            (md5, "password,none", false),
            (trust, "none", true),
            (trust, "scram-sha-256", false),
            (trust, "!none", false),
        ] {
            let hostile = Hostile::start(move |victim| {
                if !first.is_empty() {
                    victim.say(first)?;
                    victim.message()?;
                }
                victim.let_in()
            });
            let met = meets(&hostile, &format!("require_auth={words}")).await;
            let environment =
                Environment { vars: [("PGREQUIREAUTH".to_owned(), words.to_owned())].into(), ..Environment::default() };
            let conninfo = Conninfo::resolve(Some(&hostile.conninfo("")), &environment).expect("valid");
            assert_eq!((met.is_ok(), connect(&conninfo).await.is_ok()), (gets_in, gets_in), "{words}");
            if let Err(error) = met {
                let said = error.to_string();
                assert!(said.ends_with(", which require_auth doesn't allow"), "{said}");
                assert!(!hostile.has_heard("hunter2"), "{words}");
            }
        }
    });
}

/// The same with real servers: TLS with whoever answers, or with a certificate for another name, shows nothing.
#[test]
fn a_password_goes_in_clear_to_a_verified_server_alone() {
    run(async {
        let fixture = Fixture::new().await;
        session(&fixture.by_name(NAME, "user=cleartext password=hunter2 CA")).await.close().await;
        for weak in ["sslmode=require", "sslmode=verify-ca CA", "sslmode=disable"] {
            let text = fixture.by_name(NAME, &format!("user=cleartext password=hunter2 {weak}"));
            let error = refused(&text).await;
            assert_eq!(
                error.to_string(),
                format!(
                    "{NAME}:{} asks for the password in clear text, and nothing shows that it is the right server",
                    fixture.server.port()
                )
            );
            assert!(error.hint().is_some_and(|hint| hint.contains("require_auth=password")), "{:?}", error.hint());
            session(&format!("{text} require_auth=password")).await.close().await;
            // SCRAM tells nobody anything
            session(&text.replace("user=cleartext", "user=app")).await.close().await;
        }
    });
}

/// A service's password is less well known than it may be: with SCRAM alone, and bound to the connection where no certificate shows
/// who answers.
#[test]
fn a_services_password() {
    let client =
        |port, sslmode| Client { host: "127.0.0.1", port, database: "postgres", user: "app", sslmode: Some(sslmode) };
    run(async {
        let fixture = Fixture::new().await;
        let ours = resolve(&fixture.server.conninfo());
        let port = fixture.server.port();
        for (sslmode, user) in [("disable", "app"), ("require", "app")] {
            let good = ours.as_client(Client { user, ..client(port, sslmode) }, Some("hunter2"));
            connect(&good).await.expect("a session").close().await;
            connect(&good.by_scram_alone()).await.expect("a session").close().await;
            let cleartext = ours.as_client(Client { user: "cleartext", ..client(port, sslmode) }, Some("hunter2"));
            let error = connect(&cleartext).await.expect_err("no session");
            assert!(
                error.to_string().ends_with("and a service's password is used with SCRAM-SHA-256 alone"),
                "{error}"
            );
        }
        for (first, sslmode) in [
            (ask(3, b""), "disable"),
            (ask(5, &SALT), "disable"),
            (ask(3, b""), "require"),
            (ask(5, &SALT), "require"),
            (ask(10, b"SCRAM-SHA-256\0\0"), "require"),
        ] {
            let downgrades = lies_in_wait(Box::leak(first.into_boxed_slice()));
            let conninfo = ours.as_client(client(downgrades.port, sslmode), Some("hunter2"));
            let error = connect(&conninfo).await.expect_err("no session");
            let refused = matches!(error, ConnectError::NotAccepted { .. } | ConnectError::NoChannelBinding { .. });
            assert!(refused && !downgrades.has_heard("hunter2"), "{error:?}");
            assert!(!downgrades.has_heard("SCRAM-SHA-256\0"), "no proof, from which to guess");
        }
        // what holds for us, who have a token perhaps, holds for no service
        let with_token = resolve(&format!("{} require_auth=password", fixture.server.conninfo()));
        let good = with_token.as_client(client(port, "disable"), Some("hunter2"));
        connect(&good).await.expect("a session").close().await;
        let thief = lies_in_wait(b"R\0\0\0\x08\0\0\0\x03");
        let error = connect(&with_token.as_client(client(thief.port, "disable"), Some("hunter2"))).await;
        assert!(error.is_err() && !thief.has_heard("hunter2"));
        // whoever asked us for the password once can't pretend later that it isn't needed
        let forgetful = Hostile::start(Victim::let_in);
        let conninfo = ours.as_client(client(forgetful.port, "disable"), Some("hunter2"));
        connect(&conninfo).await.expect("as with trust").close().await;
        let error = connect(&conninfo.by_scram_alone()).await.expect_err("no session");
        assert!(matches!(error, ConnectError::NotAccepted { .. }), "{error:?}");
    });
}

#[test]
fn scram_with_a_server_that_doesnt_know_the_password() {
    run(async {
        let impostor = Hostile::start(|victim| victim.scram(4096, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        let error = meets(&impostor, "").await.expect_err("no session");
        assert!(matches!(error, ConnectError::Impostor { .. }), "{error:?}");
        for (rounds, signature) in
            [(1, "AAAA"), (4095, "AAAA"), (u32::MAX, "AAAA"), (2_000_000_000, "AAAA"), (4096, ""), (4096, "\0\u{1}é")]
        {
            let hostile = Hostile::start(move |victim| victim.scram(rounds, signature));
            let error = meets(&hostile, "").await.expect_err("no session");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
            if rounds != 4096 {
                assert!(error.to_string().contains("rounds of SCRAM-SHA-256"), "{error}");
            }
        }
        // its words about it may be long, and repeat what it was told
        let long = Hostile::start(|victim| {
            victim.say(&ask(10, b"SCRAM-SHA-256\0\0"))?;
            victim.message()?;
            victim.say(&ask(11, b"e=hunter2 hunter2"))
        });
        let error = meets(&long, "").await.expect_err("no session");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    });
}

/// Before it has let us in, and before it is ready, a server gets kilobytes.
#[test]
fn much_too_much_before_the_first_question() {
    const LET_IN: [u8; 9] = *b"R\0\0\0\x08\0\0\0\0";
    let huge = |kind: u8, length: u32| [&[kind][..], &length.to_be_bytes(), b"x"].concat();
    run(async {
        for kind in *b"RENSKZDv\0\xff" {
            for length in [0, 1, 3, 100_000, 200 << 20, i32::MAX as u32, 1 << 31, u32::MAX] {
                for before in [&b""[..], &LET_IN] {
                    let begin = [before, &huge(kind, length)].concat();
                    let hostile = Hostile::start(move |victim| {
                        victim.say(&begin)?;
                        victim.say_again_and_again(&[b'x'; 1 << 16])
                    });
                    let error = meets(&hostile, "").await.expect_err("no session");
                    let shown = error.to_string();
                    assert!(shown.len() < 500 && !matches!(error, ConnectError::Timeout { .. }), "{shown}");
                }
            }
        }
        let floods: [(&str, Vec<u8>); 5] = [
            ("notices", words(b'N', "WARNING", "01000", &"w".repeat(10_000))),
            ("small notices", words(b'N', "WARNING", "01000", "")),
            ("parameters", parameter("a", &"b".repeat(1000))),
            ("keys", message(b'K', &[0; 8])),
            ("requests", ask(99, b"")),
        ];
        for (what, flood) in floods {
            for before in [&b""[..], &LET_IN] {
                let flood = flood.clone();
                let hostile = Hostile::start(move |victim| {
                    victim.say(before)?;
                    victim.say_again_and_again(&flood)
                });
                let error = meets(&hostile, "").await.expect_err("no session");
                assert!(!matches!(error, ConnectError::Timeout { .. }), "{what}: {error:?}");
                // a megabyte, and what waits in buffers of the system
                assert!(hostile.sent() < 16 << 20, "{what}: {}", hostile.sent());
            }
        }
    });
}

#[test]
fn odd_sizes_of_messages_that_have_one() {
    run(async {
        for body in [&b""[..], b"I", b"II", b"X", &[0; 4], &[0; 8], &[0; 9], &[0; 300]] {
            for kind in *b"KZSRENAT123nDCsIdcGHWV" {
                let odd = message(kind, body);
                let hostile = Hostile::start(move |victim| {
                    victim.say(&ask(0, b""))?;
                    victim.say(&odd)?;
                    victim.say(&READY)?;
                    victim.say(&odd)
                });
                // whatever it is, it comes to an end
                if let Ok(session) = meets(&hostile, "").await {
                    session.close().await;
                }
            }
        }
    });
}

#[test]
fn a_drip_and_silence_are_bounded_by_time() {
    run(async {
        for before in [&b""[..], b"R\0\0\0\x08\0\0\0\0"] {
            for drip in [false, true] {
                let hostile = Hostile::start(move |victim| {
                    victim.say(before)?;
                    let error = words(b'N', "WARNING", "01000", &"w".repeat(500));
                    for byte in error.iter().filter(|_| drip) {
                        victim.say(&[*byte])?;
                        std::thread::sleep(Duration::from_millis(20));
                    }
                    Ok(())
                });
                let conninfo = resolve(&hostile.conninfo("")).with_connect_timeout(Some(Duration::from_millis(300)));
                let error = connect(&conninfo).await.expect_err("a timeout");
                assert!(matches!(error, ConnectError::Timeout { .. }), "{error:?}");
            }
        }
    });
}

/// What a session that was let in is answered.
async fn answered(
    answer: impl Fn(&mut Victim) -> std::io::Result<()> + Send + Sync + 'static,
) -> (StatementError, usize) {
    let hostile = Hostile::start(move |victim| {
        victim.question()?;
        answer(victim)
    });
    let session = connect(&resolve(&hostile.conninfo(""))).await.expect("let in");
    let error = session.query("SELECT 1", &[]).await.expect_err("no answer");
    (error, hostile.sent())
}

const ROWS: usize = 1 << 16;

#[test]
fn answers_without_end() {
    run(async {
        let (error, sent) = answered(|victim| {
            victim.say(&described(1))?;
            victim.say_again_and_again(&row(1).repeat(ROWS))
        })
        .await;
        assert!(error.to_string().contains("in one answer") && error.is_connection_lost(), "{error}");
        assert!(sent < 64 << 20, "small rows are as dear as they are to keep: {sent}");
        let (error, sent) = answered(|victim| {
            victim.say(&described(1))?;
            victim.say(&[b"D".as_slice(), &(200_u32 << 20).to_be_bytes()].concat())?;
            victim.say_again_and_again(&[0; 1 << 16])
        })
        .await;
        assert!(error.to_string().contains("it sent a message of 209715196 bytes"), "{error}");
        assert!(sent < 16 << 20, "{sent}");
        let (error, _) = answered(|victim| victim.say_again_and_again(&parameter("a", &"b".repeat(1000)))).await;
        assert!(error.to_string().contains("unasked"), "{error}");
        let (error, _) =
            answered(|victim| victim.say_again_and_again(&words(b'N', "WARNING", "01000", "w").repeat(1000))).await;
        assert!(error.to_string().contains("in one answer"), "{error}");
    });
}

#[test]
fn words_without_end_and_with_the_password_in_them() {
    run(async {
        let huge = "é".repeat(1 << 20);
        let said = words(b'E', "ERROR", "XX000", &huge);
        let (error, _) = answered(move |victim| victim.say(&said)).await;
        let shown = format!("{error} {error:?} {:?} {:?}", error.detail(), error.hint());
        assert!(shown.len() < 400_000 && error.to_string().contains("bytes more)"), "{}", shown.len());
        for echo in ["it is hunter2", "hunter2 hunter2", "%68unter2", "686756e74657232 68756e74657232"] {
            let said = words(b'E', "FATAL", "XX000", echo);
            let also = said.clone();
            let (error, _) = answered(move |victim| victim.say(&said)).await;
            let shown = format!("{error} {error:?} {:?} {:?}", error.detail(), error.hint());
            assert!(!shown.contains(echo), "{shown}");
            let hostile = Hostile::start(move |victim| victim.say(&also));
            let error = meets(&hostile, "").await.expect_err("refused");
            let shown = format!("{error} {error:?} {:?}", error.hint());
            assert!(!shown.contains(echo), "{shown}");
        }
    });
}

#[test]
fn notices_are_kept_in_number() {
    run(async {
        let hostile = Hostile::start(|victim| {
            victim.question()?;
            let notices = words(b'N', "WARNING", "01000", "about hunter2").repeat(20_000);
            victim.say(&notices)?;
            victim.say(&[message(b'C', b"SET\0"), READY.to_vec()].concat())
        });
        let session = connect(&resolve(&hostile.conninfo(""))).await.expect("let in");
        session.execute("SET x = 1").await.expect("done");
        let notices = session.take_notices();
        assert_eq!(notices.len(), 10_000);
        assert!(notices.iter().all(|notice| !notice.message.contains("hunter2")));
    });
}

/// After authentication it says nothing more: this side has a limit of its own.
#[test]
fn silence_after_a_question() {
    run(async {
        let hostile = Hostile::start(Victim::question);
        let limits = Limits { lock_timeout: Duration::ZERO, statement_timeout: Duration::from_millis(1) };
        let conninfo = resolve(&hostile.conninfo("")).with_limits(limits).as_client(
            Client { host: "127.0.0.1", port: hostile.port, database: "d", user: "u", sslmode: Some("disable") },
            None,
        );
        let session = connect(&conninfo).await.expect("let in");
        let error = session.query("SELECT 1", &[]).await.expect_err("silence");
        assert!(error.to_string().contains("gave no answer within"), "{error}");
    });
}

#[test]
fn garbage_comes_to_an_end() {
    run(async {
        let mut state = 12_u64;
        let mut random = move || {
            // xorshift64
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for round in 0..200 {
            let bytes: Vec<u8> = (0..random() % 300).map(|_| (random() >> 20) as u8).collect();
            let hostile = Hostile::start(move |victim| {
                if round % 2 == 0 {
                    victim.question()?;
                }
                victim.say(&bytes)?;
                Err(std::io::ErrorKind::Other.into())
            });
            if let Ok(session) = meets(&hostile, "").await {
                let _ = session.query("SELECT 1", &[]).await;
            }
        }
    });
}
