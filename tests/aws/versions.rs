//! Secrets Manager's versions and labels: what dies half-way, and what others do meanwhile.

use pgmoat::secrets::{Stage, Store, StoreError};

use super::aws::{Secret, Server, Turn, When};
use super::contract::{NAME, first, held, second};
use super::{block_on, secrets_manager};

async fn settled(server: &Server) -> Store {
    let store = secrets_manager(server);
    store.create(NAME, &first()).await.expect("created");
    let born = held(&store, NAME).await;
    store.settle(NAME, &born).await.expect("settled");
    store
}

#[test]
fn a_new_secret_has_its_tags_its_key_and_both_labels_from_the_start() {
    block_on(async {
        let server = Server::start();
        // the run dies as soon as its password is there
        server.world().hook = Box::new(|when, call| match call.target.ends_with("PutSecretValue") {
            true if when == When::After => Turn::Cut,
            false if call.number > 2 => Turn::Cut,
            _ => Turn::Go,
        });
        secrets_manager(&server).create(NAME, &first()).await.expect_err("dead");
        server.world().hook = Box::new(|_, _| Turn::Go);
        let left = held(&secrets_manager(&server), NAME).await;
        assert!(left.current.is_some() && left.current == left.pending, "{left:?}");
        let world = server.world();
        let secret = &world.secrets.0[NAME];
        let tags: Vec<_> = secret.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(
            (tags.join(" ").as_str(), secret.kms_key.as_deref()),
            ("managed-by=pgmoat team=shop", Some("alias/shop"))
        );
    });
}

/// A secret without a version: a dead run's, or one that Terraform has made for us.
#[test]
fn a_shell_is_no_entry_and_gets_its_first_version_by_create() {
    block_on(async {
        let server = Server::start();
        let store = secrets_manager(&server);
        server.world().hook = Box::new(|_, call| match call.target.ends_with("PutSecretValue") {
            true => Turn::Refuse(400, "AccessDeniedException", "no"),
            false => Turn::Go,
        });
        store.create(NAME, &first()).await.expect_err("refused");
        server.world().hook = Box::new(|_, _| Turn::Go);
        assert_eq!(store.describe(NAME).await.expect("described"), None);
        let error = store.write_pending(NAME, &second()).await.expect_err("it would be current at once");
        assert!(matches!(error, StoreError::NoVersion { stage: Stage::Current, .. }), "{error}");
        assert!(server.world().secrets.0[NAME].versions.is_empty());
        store.create(NAME, &first()).await.expect("created");
        assert!(held(&store, NAME).await.current.is_some());
        // but not somebody else's
        server.world().secrets.0.insert("other".into(), Secret::default());
        assert!(held(&store, "other").await.foreign.is_some());
        let error = store.create("other", &first()).await.expect_err("not ours");
        assert!(matches!(error, StoreError::Changed { .. }), "{error}");
    });
}

/// Between our look and our request, somebody else's comes.
#[test]
fn who_comes_second_changes_nothing() {
    block_on(async {
        let server = Server::start();
        let store = settled(&server).await;
        store.write_pending(NAME, &second()).await.expect("written");
        let written = held(&store, NAME).await;
        let mut other = settled_elsewhere(&server);
        let mut world = server.world();
        let secret = world.secrets.0.get_mut(NAME).expect("a secret").clone();
        // what the other run makes of it stands there as soon as our request comes
        other.tags = secret.tags.clone();
        drop(world);
        let calls = server.world().calls.len();
        store_after(&server, other);
        let error = store.promote(NAME, &written).await.expect_err("too late");
        assert!(matches!(error, StoreError::Changed { .. }), "{error}");
        assert!(server.world().calls.len() > calls);
    });
}

/// A secret on which another run has finished a rotation of its own.
fn settled_elsewhere(server: &Server) -> Secret {
    let mut secret = server.world().secrets.0[NAME].clone();
    for version in secret.versions.values_mut() {
        version.labels.clear();
    }
    let mut version = secret.versions.values().next().cloned().expect("a version");
    version.labels.insert("AWSCURRENT".into());
    secret.versions.insert("3".repeat(36), version);
    secret
}

/// A hook has no hold of the world, so the other's secret is put where ours is looked for.
fn store_after(server: &Server, other: Secret) {
    server.world().secrets.0.insert(NAME.to_owned(), other);
}

#[test]
fn every_reading_names_its_stage() {
    block_on(async {
        let server = Server::start();
        let store = settled(&server).await;
        for stage in [Stage::Current, Stage::Pending, Stage::Previous] {
            let _ = store.read(NAME, stage).await;
        }
        let world = server.world();
        let reads: Vec<_> = world.calls.iter().filter(|call| call.target.ends_with("GetSecretValue")).collect();
        assert!(reads.len() >= 3 && reads.iter().all(|call| call.body["VersionStage"].is_string()));
    });
}
