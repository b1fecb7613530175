//! What src/secrets/store.rs promises, of every store alike.

use pgmoat::secrets::{Entry, ExposeSecret as _, Held, Stage, Store, StoreError};

pub(crate) const NAME: &str = "prod/orders/app";

/// Passwords that URLs, JSON and shells would each spoil.
pub(crate) fn entry(user: &str, password: &str) -> Entry {
    Entry {
        engine: "postgres".into(),
        host: "db.example.com".into(),
        port: 5433,
        dbname: "Ord ers".into(),
        username: user.into(),
        password: password.to_owned().into(),
        sslmode: Some("verify-full".into()),
    }
}

pub(crate) fn first() -> Entry {
    entry("orders_a", "S3cret-one:@/%\"\\{{x}}")
}

pub(crate) fn second() -> Entry {
    entry("orders_b", "S3cret-two:@/%\"\\{{x}}")
}

pub(crate) async fn held(store: &Store, name: &str) -> Held {
    store.describe(name).await.expect("described").expect("an entry")
}

async fn holds(store: &Store, stage: Stage, entry: &Entry) {
    let read = store.read(NAME, stage).await.unwrap_or_else(|error| panic!("{store}: {stage:?}: {error}"));
    let place = |entry: &Entry| (entry.host.clone(), entry.port, entry.dbname.clone());
    assert_eq!(place(&read), place(entry), "{store}: {stage:?}");
    let of = |entry: &Entry| (entry.username.clone(), entry.password.expose_secret().to_owned());
    assert_eq!(of(&read), of(entry), "{store}: {stage:?}");
    assert_eq!(read.sslmode, entry.sslmode, "{store}: {stage:?}");
}

/// Is that the error that the store's users are told to expect?
fn is(done: Result<(), StoreError>, expected: &str, store: &Store) {
    let error = done.expect_err(expected);
    let found = match error {
        StoreError::Changed { .. } => "changed".to_owned(),
        StoreError::NoVersion { stage, .. } => format!("no {}", stage.word()),
        other => other.to_string(),
    };
    assert_eq!(found, expected, "{store}");
}

/// The whole life of an entry; the store has none of this name.
pub(crate) async fn check(store: &Store) {
    birth(store).await;
    change(store).await;
    doubt(store).await;
}

async fn birth(store: &Store) {
    assert_eq!(store.describe(NAME).await.expect("described"), None, "{store}");
    for stage in [Stage::Current, Stage::Pending, Stage::Previous] {
        is(store.read(NAME, stage).await.map(drop), &format!("no {}", stage.word()), store);
    }
    store.create(NAME, &first()).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let born = held(store, NAME).await;
    assert!(born.current.is_some() && born.current == born.pending, "{store}: {born:?}");
    assert_eq!((&born.previous, &born.foreign), (&None, &None), "{store}");
    assert!(born.since.is_some() && born.reference.contains(NAME), "{store}: {born:?}");
    holds(store, Stage::Current, &first()).await;
    holds(store, Stage::Pending, &first()).await;
    is(store.create(NAME, &second()).await, "changed", store);
    is(store.write_pending(NAME, &second()).await, "changed", store);
    is(store.doubt(NAME, &born).await, "changed", store);
    store.promote(NAME, &born).await.expect("it is current already");
    let promoted = held(store, NAME).await;
    assert_eq!((&promoted.current, &promoted.pending), (&born.current, &born.pending), "{store}");
    store.settle(NAME, &born).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let settled = held(store, NAME).await;
    assert_eq!((&settled.current, &settled.pending), (&born.current, &None), "{store}");
    is(store.settle(NAME, &born).await, "changed", store);
    store.settle(NAME, &settled).await.expect("nothing is pending");
    is(store.promote(NAME, &settled).await, "no pending", store);
}

async fn change(store: &Store) {
    let before = held(store, NAME).await;
    store.write_pending(NAME, &second()).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let written = held(store, NAME).await;
    assert_eq!(written.current, before.current, "{store}");
    assert!(written.pending.is_some() && written.pending != written.current, "{store}: {written:?}");
    assert_eq!(written.foreign, None, "{store}");
    holds(store, Stage::Current, &first()).await;
    holds(store, Stage::Pending, &second()).await;
    is(store.write_pending(NAME, &first()).await, "changed", store);
    is(store.doubt(NAME, &written).await, "changed", store);
    is(store.promote(NAME, &before).await, "changed", store);
    let wrong = Held { current: written.pending.clone(), ..written.clone() };
    is(store.promote(NAME, &wrong).await, "changed", store);
    is(store.settle(NAME, &wrong).await, "changed", store);
    store.promote(NAME, &written).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let promoted = held(store, NAME).await;
    assert_eq!((&promoted.current, &promoted.pending), (&written.pending, &written.pending), "{store}");
    assert!(promoted.previous.is_some() && promoted.previous != promoted.current, "{store}: {promoted:?}");
    assert!(promoted.since >= written.since, "{store}");
    holds(store, Stage::Current, &second()).await;
    holds(store, Stage::Pending, &second()).await;
    holds(store, Stage::Previous, &first()).await;
    is(store.promote(NAME, &written).await, "changed", store);
    store.settle(NAME, &promoted).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let settled = held(store, NAME).await;
    assert_eq!((&settled.current, &settled.pending), (&promoted.current, &None), "{store}");
    holds(store, Stage::Current, &second()).await;
    is(store.read(NAME, Stage::Pending).await.map(drop), "no pending", store);
}

async fn doubt(store: &Store) {
    let before = held(store, NAME).await;
    store.doubt(NAME, &before).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let doubted = held(store, NAME).await;
    assert_eq!((&doubted.current, &doubted.pending), (&before.current, &before.current), "{store}");
    holds(store, Stage::Pending, &second()).await;
    is(store.doubt(NAME, &before).await, "changed", store);
    store.settle(NAME, &doubted).await.unwrap_or_else(|error| panic!("{store}: {error}"));
    let settled = held(store, NAME).await;
    assert_eq!((&settled.current, &settled.pending), (&before.current, &None), "{store}");
    holds(store, Stage::Current, &second()).await;
}
