//! The stores of AWS against moto, a second opinion on what AWS does that isn't ours: <https://docs.getmoto.org>. It is fetched
//! once with python3 and pip.
//!
//! Not covered, since moto has it otherwise than AWS: signatures, which it doesn't check; that a version never changes; errors
//! about labels that sit elsewhere. All of that is in tests/aws_stores.rs.
#![cfg(feature = "aws")]

#[path = "aws/contract.rs"]
mod contract;
#[path = "moto/server.rs"]
mod server;

use std::collections::BTreeMap;

use pgmoat::db::Environment;
use pgmoat::secrets::{AwsOptions, Store};

#[test]
fn both_stores_keep_their_promises() {
    let moto = server::Moto::start();
    let url = format!("http://{}", moto.address);
    let vars = [("AWS_ENDPOINT_URL", url.as_str()), ("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "y")];
    let vars: BTreeMap<_, _> = vars.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let environment = Environment { vars, home: None, os_user: None };
    let options = AwsOptions { region: Some("eu-west-1".into()), kms_key: None, tags: BTreeMap::new() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        contract::check(&Store::secrets_manager(options.clone(), &environment).expect("a store")).await;
        contract::check(&Store::ssm(options, &environment).expect("a store")).await;
    });
}
