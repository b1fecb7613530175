//! A run dies before and after each of its messages. Whatever stands there then, the next run brings it to an end: with the new
//! password if that had been written, without losing it or the old one, and with nothing pending.

use std::sync::Arc;

use pgmoat::secrets::{ExposeSecret as _, Stage, Store, StoreError};
use tokio::sync::Notify;

use super::aws::{Server, Turn, When};
use super::contract::{NAME, first, held, second};
use super::{block_on, secrets_manager, ssm};

/// From nothing to the second password, and a doubt of it.
async fn life(store: &Store) -> Result<(), StoreError> {
    forward(store).await?;
    store.write_pending(NAME, &second()).await?;
    forward(store).await?;
    store.doubt(NAME, &held(store, NAME).await).await?;
    forward(store).await
}

/// What every run does with what it finds.
async fn forward(store: &Store) -> Result<(), StoreError> {
    if store.describe(NAME).await?.is_none() {
        store.create(NAME, &first()).await?;
    }
    let found = held(store, NAME).await;
    assert_eq!(found.foreign, None);
    store.read(NAME, Stage::Current).await?;
    if found.pending.is_some() {
        store.read(NAME, Stage::Pending).await?;
        store.promote(NAME, &found).await?;
        store.settle(NAME, &held(store, NAME).await).await?;
    }
    Ok(())
}

/// Lives until its message number `last`; true if it lived longer than that.
async fn dies_at(server: &Server, store: &Store, last: usize, moment: When) -> bool {
    let death = Arc::new(Notify::new());
    let knell = Arc::clone(&death);
    server.world().hook = Box::new(move |when, call, _| {
        let now = call.number == last && when == moment;
        if now {
            knell.notify_one();
        }
        // a dead one says nothing more, though the connection might
        if now || call.number > last { Turn::Cut } else { Turn::Go }
    });
    tokio::select! {
        biased;
        () = death.notified() => false,
        done = life(store) => {
            done.unwrap_or_else(|error| panic!("{store}: {error}"));
            true
        }
    }
}

async fn dies_everywhere(of: fn(&Server) -> Store) {
    for moment in [When::Before, When::After] {
        for last in 1.. {
            let server = Server::start();
            if dies_at(&server, &of(&server), last, moment).await {
                assert!(last > 20, "so few messages?");
                break;
            }
            server.world().hook = Box::new(|_, _, _| Turn::Go);
            let second = second();
            let store = of(&server);
            let written = holds(&store, second.password.expose_secret()).await;
            forward(&store).await.unwrap_or_else(|error| panic!("{store}: {moment:?} {last}: {error}"));
            let left = held(&store, NAME).await;
            assert!(left.pending.is_none() && left.current.is_some(), "{store}: {moment:?} {last}: {left:?}");
            let current = store.read(NAME, Stage::Current).await.expect("current");
            let is_second = current.username == second.username;
            assert_eq!(is_second, written, "{store}: {moment:?} {last}");
        }
    }
}

/// Does any version that has a name hold this password?
async fn holds(store: &Store, password: &str) -> bool {
    for stage in [Stage::Current, Stage::Pending] {
        if store.read(NAME, stage).await.is_ok_and(|entry| entry.password.expose_secret() == password) {
            return true;
        }
    }
    false
}

#[test]
fn in_secrets_manager() {
    block_on(dies_everywhere(secrets_manager));
}

#[test]
fn in_the_parameter_store() {
    block_on(dies_everywhere(ssm));
}
