//! The Parameter Store has no labels: what stands for them, and what a run that dies leaves.

use pgmoat::secrets::{AwsOptions, ExposeSecret as _, Held, Stage, Store, StoreError};

use super::aws::{Server, Turn, When};
use super::contract::{NAME, first, held, second};
use super::{block_on, environment, ssm};

const PATH: &str = "/prod/orders/app";
const MARK: &str = "/prod/orders/app.pending";

fn values(server: &Server, path: &str) -> Vec<String> {
    server.world().parameters.0.get(path).map(|it| it.values.clone()).unwrap_or_default()
}

async fn settled(store: &Store) -> Held {
    store.create(NAME, &first()).await.expect("created");
    let born = held(store, NAME).await;
    store.settle(NAME, &born).await.expect("settled");
    held(store, NAME).await
}

/// From this request on, the client is dead.
fn dies_after(server: &Server, operation: &'static str, times: usize) {
    let mut left = times;
    server.world().hook = Box::new(move |when, call, _| {
        if left == 0 {
            return Turn::Cut;
        }
        left -= usize::from(when == When::After && call.target.ends_with(operation));
        Turn::Go
    });
}

fn lives(server: &Server) {
    server.world().hook = Box::new(|_, _, _| Turn::Go);
}

#[test]
fn a_value_is_the_url_alone_and_the_mark_goes() {
    block_on(async {
        let server = Server::start();
        let store = ssm(&server);
        settled(&store).await;
        assert_eq!(values(&server, PATH), [first().url().expose_secret()]);
        assert_eq!(values(&server, MARK), [""; 0]);
        let world = server.world();
        let parameter = &world.parameters.0[PATH];
        assert_eq!((parameter.kind.as_str(), parameter.key.as_deref()), ("SecureString", Some("alias/shop")));
        assert_eq!(parameter.tags["managed-by"], "pgmoat");
    });
}

#[test]
fn a_create_that_dies_at_the_mark_is_finished() {
    block_on(async {
        let server = Server::start();
        dies_after(&server, "PutParameter", 1);
        ssm(&server).create(NAME, &first()).await.expect_err("dead");
        lives(&server);
        let store = ssm(&server);
        let left = held(&store, NAME).await;
        assert!(left.current.is_some() && left.current == left.pending, "{left:?}");
        assert_eq!((left.reference.as_str(), left.previous.as_ref()), (PATH, None));
        let read = store.read(NAME, Stage::Current).await.expect("the mark");
        assert_eq!(read.password.expose_secret(), first().password.expose_secret());
        store.settle(NAME, &left).await.expect("settled");
        let settled = held(&store, NAME).await;
        assert_eq!((settled.current, settled.pending), (left.current, None));
        assert_eq!(values(&server, PATH), [first().url().expose_secret()]);
    });
}

#[test]
fn a_promotion_is_known_after_its_run_has_died() {
    block_on(async {
        let server = Server::start();
        let store = ssm(&server);
        settled(&store).await;
        store.write_pending(NAME, &second()).await.expect("written");
        let written = held(&store, NAME).await;
        dies_after(&server, "PutParameter", 1);
        store.promote(NAME, &written).await.expect_err("dead");
        lives(&server);
        let left = held(&store, NAME).await;
        assert_eq!((&left.current, &left.pending), (&written.pending, &written.pending));
        store.settle(NAME, &left).await.expect("settled");
        assert_eq!(values(&server, PATH), [first().url().expose_secret(), second().url().expose_secret()]);
    });
}

#[test]
fn who_overwrites_by_hand_is_noticed() {
    block_on(async {
        let server = Server::start();
        let store = ssm(&server);
        settled(&store).await;
        store.write_pending(NAME, &second()).await.expect("written");
        let written = held(&store, NAME).await;
        let by_hand = || server.world().parameters.0.get_mut(PATH).expect("one").values.push("by hand".into());
        by_hand();
        let error = store.promote(NAME, &written).await.expect_err("another version");
        assert!(matches!(error, StoreError::Changed { .. }), "{error}");
        // it has the number now that the pending one was to have, and is another all the same
        let taken = held(&store, NAME).await;
        assert_eq!(taken.current, taken.pending);
        let error = store.settle(NAME, &taken).await.expect_err("another value").to_string();
        assert!(error.contains("somebody else has written it"), "{error}");
        assert_eq!(values(&server, MARK).len(), 1);
        by_hand();
        let error = store.settle(NAME, &taken).await.expect_err("another version");
        assert!(matches!(error, StoreError::Changed { .. }), "{error}");
    });
}

#[test]
fn the_key_of_an_entry_is_kept() {
    block_on(async {
        let server = Server::start();
        settled(&ssm(&server)).await;
        let without = Store::ssm(AwsOptions::default(), &environment(server.environment())).expect("a store");
        without.write_pending(NAME, &second()).await.expect("written");
        assert_eq!(server.world().parameters.0[MARK].key.as_deref(), Some("alias/shop"));
        let written = held(&without, NAME).await;
        without.promote(NAME, &written).await.expect("promoted");
        assert_eq!(server.world().parameters.0[PATH].key.as_deref(), Some("alias/shop"));
    });
}

#[test]
fn what_isnt_there_gets_nothing_pending() {
    block_on(async {
        let server = Server::start();
        let error = ssm(&server).write_pending(NAME, &second()).await.expect_err("none");
        assert!(matches!(error, StoreError::NoVersion { stage: Stage::Current, .. }), "{error}");
        assert_eq!(server.world().parameters.0.len(), 0);
    });
}
