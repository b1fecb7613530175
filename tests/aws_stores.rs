//! The stores of passwords: that all three keep the promises of src/secrets/store.rs, and what the two of AWS do when the service
//! fails, forgets its answer, or belongs to somebody else. AWS is played by a strict server in this process (tests/support/aws);
//! a second opinion is tests/moto.rs.
//!
//! Not covered: AWS itself; credentials from SSO, web identities and instances.
#![cfg(feature = "aws")]

#[path = "support/aws/mod.rs"]
mod aws;
#[path = "aws/contract.rs"]
mod contract;
#[path = "aws/credentials.rs"]
mod credentials;
#[path = "aws/deaths.rs"]
mod deaths;
#[path = "aws/failures.rs"]
mod failures;
#[path = "aws/foreign.rs"]
mod foreign;
#[path = "aws/hostile.rs"]
mod hostile;
#[path = "aws/parameter_store.rs"]
mod parameter_store;
#[path = "aws/silence.rs"]
mod silence;
#[path = "aws/transport.rs"]
mod transport;
#[path = "aws/versions.rs"]
mod versions;

use std::collections::BTreeMap;
use std::future::Future;

use pgmoat::db::Environment;
use pgmoat::secrets::{AwsOptions, FileStore, Format, Store};

use aws::Server;

/// Runs it as the program does: on one thread.
fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future);
}

fn environment(vars: Vec<(String, String)>) -> Environment {
    Environment { vars: vars.into_iter().collect(), home: None, os_user: None }
}

fn options() -> AwsOptions {
    let tags = BTreeMap::from([("team".to_owned(), "shop".to_owned())]);
    AwsOptions { region: None, kms_key: Some("alias/shop".into()), tags }
}

fn secrets_manager(server: &Server) -> Store {
    Store::secrets_manager(options(), &environment(server.environment())).expect("a store")
}

fn ssm(server: &Server) -> Store {
    Store::ssm(options(), &environment(server.environment())).expect("a store")
}

fn both(server: &Server) -> [Store; 2] {
    [secrets_manager(server), ssm(server)]
}

#[test]
fn folders_keep_their_promises() {
    block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        for format in [Format::Json, Format::Dotenv] {
            let path = folder.path().join(format!("{format:?}"));
            contract::check(&Store::File(FileStore::new(path, "secrets".into(), format))).await;
        }
    });
}

#[test]
fn secrets_manager_keeps_its_promises() {
    block_on(async { contract::check(&secrets_manager(&Server::start())).await });
}

#[test]
fn the_parameter_store_keeps_its_promises() {
    block_on(async { contract::check(&ssm(&Server::start())).await });
}

/// What has been written is seen by everybody a moment later only.
#[test]
fn they_keep_them_when_the_service_lags() {
    block_on(async {
        let server = Server::start();
        server.world().lag = 1;
        for store in both(&server) {
            contract::check(&store).await;
        }
    });
}
