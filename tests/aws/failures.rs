//! The network ends, the service is too busy, or says no.

use pgmoat::secrets::{Stage, Store};

use super::aws::{Call, Server, Turn, When};
use super::contract::{self, NAME, first, held, second};
use super::{block_on, both, environment, options, secrets_manager};

fn count(server: &Server, operation: &str) -> usize {
    server.world().calls.iter().filter(|call| call.target.ends_with(operation)).count()
}

/// Of four requests one never arrives, and the answer to another is lost.
#[test]
fn promises_are_kept_over_a_bad_line() {
    block_on(async {
        let server = Server::start();
        server.world().hook = Box::new(|when, call| match (when, call.number % 4) {
            (When::Before, 0) | (When::After, 2) => Turn::Cut,
            _ => Turn::Go,
        });
        for store in both(&server) {
            contract::check(&store).await;
        }
    });
}

#[test]
fn a_request_that_is_sent_again_makes_one_version() {
    block_on(async {
        let server = Server::start();
        let store = secrets_manager(&server);
        server.world().hook = Box::new(|when, call| match when {
            When::After if call.number < 4 => Turn::Cut,
            _ => Turn::Go,
        });
        store.create(NAME, &first()).await.expect("created");
        server.world().hook = Box::new(lost_once("PutSecretValue"));
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

fn lost_once(operation: &'static str) -> impl FnMut(When, &Call) -> Turn + Send {
    let mut lost = false;
    move |when, call| {
        let now = when == When::After && call.target.ends_with(operation) && !lost;
        lost |= now;
        if now { Turn::Cut } else { Turn::Go }
    }
}

#[test]
fn who_is_too_busy_is_asked_five_times_and_who_says_no_once() {
    const BUSY: &[(u16, &str)] =
        &[(400, "ThrottlingException"), (500, "InternalServiceError"), (400, "RequestLimitExceeded"), (503, "")];
    block_on(async {
        for (status, kind) in BUSY {
            let server = Server::start();
            let mut refusals = 4;
            server.world().hook = Box::new(move |_, _| {
                refusals -= 1;
                if refusals >= 0 { Turn::Refuse(*status, kind, "slow down") } else { Turn::Go }
            });
            assert_eq!(secrets_manager(&server).describe(NAME).await.expect("described"), None);
            assert_eq!(count(&server, "DescribeSecret"), 5, "{kind}");
            server.world().calls.clear();
            server.world().hook = Box::new(|_, _| Turn::Refuse(*status, kind, "slow down"));
            let error = secrets_manager(&server).describe(NAME).await.expect_err("busy").to_string();
            assert!(error.contains(if kind.is_empty() { "HTTP 503" } else { kind }), "{error}");
            assert_eq!(count(&server, "DescribeSecret"), 5, "{kind}");
        }
        let server = Server::start();
        server.world().hook = Box::new(|_, _| Turn::Refuse(400, "AccessDeniedException", "no policy allows it"));
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
