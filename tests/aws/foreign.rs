//! Entries that are to be left alone, and those that only look so.

use std::collections::BTreeMap;

use pgmoat::secrets::Stage;

use super::aws::secrets::Version;
use super::aws::{Refusal, Server, Turn};
use super::contract::{NAME, first, held, second};
use super::{block_on, secrets_manager, ssm};

async fn why_secret(change: fn(&mut super::aws::secrets::Secret)) -> String {
    let server = Server::start();
    let store = secrets_manager(&server);
    store.create(NAME, &first()).await.expect("created");
    change(server.world().secrets.0.get_mut(NAME).expect("a secret"));
    held(&store, NAME).await.foreign.unwrap_or_default()
}

#[test]
fn a_secret_of_somebody_else_is_left_alone() {
    block_on(async {
        assert_eq!(why_secret(|_| ()).await, "");
        assert!(why_secret(|secret| secret.deleted = true).await.contains("scheduled for deletion"));
        assert!(why_secret(|secret| secret.rotated = true).await.contains("AWS rotates it"));
        assert!(why_secret(|secret| secret.owner = Some("rds".into())).await.contains("AWS's own service rds"));
        assert!(why_secret(|secret| secret.tags.clear()).await.contains("no tag managed-by=pgmoat"));
        let other = why_secret(|secret| drop(secret.tags.insert("managed-by".into(), "terraform".into()))).await;
        assert!(other.contains("no tag managed-by=pgmoat"));
    });
}

/// What a rotation by AWS leaves when it fails in its first step.
#[test]
fn a_pending_version_without_a_value_isnt_ours() {
    block_on(async {
        let server = Server::start();
        let store = secrets_manager(&server);
        store.create(NAME, &first()).await.expect("created");
        let born = held(&store, NAME).await;
        store.settle(NAME, &born).await.expect("settled");
        store.write_pending(NAME, &second()).await.expect("written");
        let pending = held(&store, NAME).await.pending.expect("pending");
        // who may not read can't know
        server.world().hook = Box::new(|_, call, _| match call.target.ends_with("GetSecretValue") {
            true => Turn::Refuse(Refusal(400, "AccessDeniedException", "no".into())),
            false => Turn::Go,
        });
        assert_eq!(held(&store, NAME).await.foreign, None);
        server.world().hook = Box::new(|_, _, _| Turn::Go);
        assert_eq!(held(&store, NAME).await.foreign, None);
        let empty = Version { value: None, labels: ["AWSPENDING".to_owned()].into() };
        server.world().secrets.0.get_mut(NAME).expect("a secret").versions.insert(pending, empty);
        assert!(held(&store, NAME).await.foreign.expect("why").contains("has no value"));
        let error = store.read(NAME, Stage::Pending).await.expect_err("no value").to_string();
        assert!(error.contains("can't find the specified secret value"), "{error}");
    });
}

#[test]
fn a_parameter_of_somebody_else_is_left_alone() {
    block_on(async {
        let server = Server::start();
        let store = ssm(&server);
        let path = format!("/{NAME}");
        store.create(NAME, &first()).await.expect("created");
        assert_eq!(held(&store, NAME).await.foreign, None);
        let why = async |change: fn(&mut super::aws::parameters::Parameter), path: &str| {
            let before = server.world().parameters.clone();
            change(server.world().parameters.0.get_mut(path).expect("a parameter"));
            let why = held(&store, NAME).await.foreign.unwrap_or_default();
            server.world().parameters = before;
            why
        };
        let mark = format!("{path}.pending");
        for path in [&path, &mark] {
            assert!(why(|it| it.tags = BTreeMap::new(), path).await.contains("no tag managed-by=pgmoat"));
            assert!(why(|it| it.kind = "String".into(), path).await.contains("in the clear"));
        }
        assert!(why(|it| it.description = None, &mark).await.contains("which version"));
    });
}
