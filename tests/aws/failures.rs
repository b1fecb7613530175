//! The network ends, the service is too busy, or says no.

use pgmoat::secrets::{Stage, Store};

use super::aws::{Call, Refusal, Server, Turn, When, World};
use super::contract::{self, NAME, first, held, second};
use super::{block_on, both, environment, options, secrets_manager};

/// Of five requests one never arrives, and the answer to another is lost.
#[test]
fn promises_are_kept_over_a_bad_line() {
    block_on(async {
        for lag in [0, 1] {
            let server = Server::start();
            server.world().lag = lag;
            server.world().hook = Box::new(|when, call, _| match (when, call.number % 5) {
                (When::Before, 0) | (When::After, 3) => Turn::Cut,
                _ => Turn::Go,
            });
            for store in both(&server) {
                contract::check(&store).await;
            }
        }
    });
}

#[test]
fn a_request_that_is_sent_again_makes_one_version() {
    block_on(async {
        let server = Server::start();
        let store = secrets_manager(&server);
        server.world().hook = Box::new(lost_once(&["CreateSecret", "PutSecretValue"]));
        store.create(NAME, &first()).await.expect("created");
        server.world().hook = Box::new(lost_once(&["PutSecretValue"]));
        let born = held(&store, NAME).await;
        store.settle(NAME, &born).await.expect("settled");
        store.write_pending(NAME, &second()).await.expect("written");
        let world = server.world();
        assert_eq!(world.secrets.0[NAME].versions.len(), 2);
        let puts = world.calls.iter().filter(|call| call.target.ends_with("PutSecretValue"));
        let tokens: Vec<_> = puts.map(|call| call.body["ClientRequestToken"].clone()).collect();
        assert!(tokens.len() == 4 && tokens[0] == tokens[1] && tokens[2] == tokens[3], "{tokens:?}");
    });
}

/// The first answer to each of these.
fn lost_once(operations: &'static [&str]) -> impl FnMut(When, &Call, &mut World) -> Turn + Send {
    let mut left = operations.to_vec();
    move |when, call, _| {
        let at = left.iter().position(|operation| when == When::After && call.target.ends_with(operation));
        at.map_or(Turn::Go, |at| {
            left.remove(at);
            Turn::Cut
        })
    }
}

#[test]
fn who_is_too_busy_is_asked_five_times() {
    const BUSY: &[(u16, &str)] =
        &[(400, "ThrottlingException"), (500, "InternalServiceError"), (400, "RequestLimitExceeded"), (503, "")];
    let busy = async |status: u16, kind: &'static str| {
        let refuse = move || Turn::Refuse(Refusal(status, kind, "slow down".into()));
        let server = Server::start();
        server.world().hook = Box::new(move |_, call, _| if call.number < 5 { refuse() } else { Turn::Go });
        assert_eq!(secrets_manager(&server).describe(NAME).await.expect("described"), None);
        assert_eq!(server.world().calls.len(), 5, "{kind}");
        server.world().hook = Box::new(move |_, _, _| refuse());
        let error = secrets_manager(&server).describe(NAME).await.expect_err("busy").to_string();
        assert!(error.contains(if kind.is_empty() { "HTTP 503" } else { kind }), "{error}");
        assert_eq!(server.world().calls.len(), 10, "{kind}");
    };
    std::thread::scope(|scope| {
        for (status, kind) in BUSY {
            scope.spawn(move || block_on(busy(*status, kind)));
        }
    });
}

#[test]
fn who_says_no_is_asked_once() {
    block_on(async {
        let server = Server::start();
        let words = "no policy allows it";
        server.world().hook = Box::new(|_, _, _| Turn::Refuse(Refusal(400, "AccessDeniedException", words.into())));
        for store in both(&server) {
            server.world().calls.clear();
            let error = store.describe(NAME).await.expect_err("refused").to_string();
            assert!(error.contains("no policy allows it (AccessDeniedException)"), "{error}");
            assert_eq!(server.world().calls.len(), 1);
        }
    });
}

#[test]
fn what_cant_be_reached_or_isnt_aws_is_called_so() {
    block_on(async {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port");
        let server = Server::start();
        let mut vars = server.environment();
        vars[0].1 = format!("http://{port}");
        let store = Store::secrets_manager(options(), &environment(vars)).expect("a store");
        let error = store.read(NAME, Stage::Current).await.expect_err("nobody listens").to_string();
        assert!(error.starts_with("the store can't be reached: 127.0.0.1: "), "{error}");
    });
}

#[test]
fn a_wrong_key_is_refused_and_asked_once() {
    block_on(async {
        let server = Server::start();
        let mut vars = server.environment();
        vars[2].1 = "another".to_owned();
        let store = Store::ssm(options(), &environment(vars)).expect("a store");
        let error = store.describe(NAME).await.expect_err("a wrong key").to_string();
        assert!(error.contains("does not match") && error.contains("InvalidSignatureException"), "{error}");
        assert!(!error.contains("Canonical") && server.world().calls.is_empty(), "{error}");
    });
}
