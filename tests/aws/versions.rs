//! Secrets Manager's versions and labels: what dies half-way, and what others do meanwhile.

use pgmoat::secrets::{Stage, Store, StoreError};

use super::aws::secrets::{Secret, Version};
use super::aws::{Refusal, Server, Turn, When};
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
        server.world().hook = Box::new(|when, call, _| match call.target.ends_with("PutSecretValue") {
            true if when == When::After => Turn::Cut,
            false if call.number > 2 => Turn::Cut,
            _ => Turn::Go,
        });
        secrets_manager(&server).create(NAME, &first()).await.expect_err("dead");
        server.world().hook = Box::new(|_, _, _| Turn::Go);
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
        server.world().hook = Box::new(|_, call, _| match call.target.ends_with("PutSecretValue") {
            true => Turn::Refuse(Refusal(400, "AccessDeniedException", "no".into())),
            false => Turn::Go,
        });
        store.create(NAME, &first()).await.expect_err("refused");
        server.world().hook = Box::new(|_, _, _| Turn::Go);
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

/// Should the service give it AWSCURRENT alone, it is doubted all the same.
#[test]
fn a_first_version_is_doubted_whatever_labels_it_gets() {
    block_on(async {
        let server = Server::start();
        server.world().hook = Box::new(|when, call, world| {
            if when == When::After && call.target.ends_with("PutSecretValue") {
                let versions = &mut world.secrets.0.get_mut(NAME).expect("a secret").versions;
                versions.values_mut().for_each(|version| version.labels.retain(|label| label != "AWSPENDING"));
            }
            Turn::Go
        });
        let store = secrets_manager(&server);
        store.create(NAME, &first()).await.expect("created");
        let born = held(&store, NAME).await;
        assert!(born.current.is_some() && born.current == born.pending, "{born:?}");
    });
}

/// Between our look and our request, another run has finished a rotation of its own.
#[test]
fn who_comes_second_changes_nothing() {
    block_on(async {
        let server = Server::start();
        let store = settled(&server).await;
        store.write_pending(NAME, &second()).await.expect("written");
        let written = held(&store, NAME).await;
        let theirs = "3".repeat(36);
        let other = theirs.clone();
        server.world().hook = Box::new(move |when, call, world| {
            if when == When::Before && call.target.ends_with("UpdateSecretVersionStage") {
                let secret = world.secrets.0.get_mut(NAME).expect("a secret");
                let value = secret.versions.values().next().and_then(|version| version.value.clone());
                secret.versions.insert(other.clone(), Version { value, ..Version::default() });
                secret.label(&other, "AWSCURRENT");
            }
            Turn::Go
        });
        let error = store.promote(NAME, &written).await.expect_err("too late");
        assert!(matches!(error, StoreError::Changed { .. }), "{error}");
        assert_eq!(held(&store, NAME).await.current, Some(theirs));
    });
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
