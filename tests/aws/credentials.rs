//! Who we are to AWS: a user, a role, a profile, a program's word, a container.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use pgmoat::db::Environment;
use pgmoat::secrets::Store;
use serde_json::json;

use super::aws::signature::Key;
use super::aws::{REGION, Server, http};
use super::contract::{self, NAME};
use super::{block_on, environment, options};

/// Without keys.
fn bare(server: &Server, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut vars = server.environment();
    vars.retain(|(name, _)| !name.contains("ACCESS_KEY"));
    vars.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    vars.push(("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()));
    vars
}

async fn works(environment: &Environment) {
    for store in [Store::secrets_manager(options(), environment), Store::ssm(options(), environment)] {
        let described = store.expect("a store").describe(NAME).await;
        assert_eq!(described.unwrap_or_else(|error| panic!("{error}")), None);
    }
}

async fn why(environment: &Environment) -> String {
    let store = Store::ssm(options(), environment).expect("a store");
    store.describe(NAME).await.expect_err("no credentials").to_string()
}

#[test]
fn of_a_role_in_the_environment() {
    block_on(async {
        let server = Server::start();
        let key = Key::of_session();
        let session = key.session.unwrap_or_default();
        let keys = [
            ("AWS_ACCESS_KEY_ID", key.id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", &key.secret),
            ("AWS_SESSION_TOKEN", &session),
        ];
        let environment = environment(bare(&server, &keys));
        contract::check(&Store::secrets_manager(options(), &environment).expect("a store")).await;
        works_after(&environment).await;
    });
}

async fn works_after(environment: &Environment) {
    let store = Store::ssm(options(), environment).expect("a store");
    assert_eq!(store.describe(NAME).await.expect("described"), None);
}

/// The agent of a container, which wants its token, and gives the role's keys.
fn agent(token: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            while let Some(request) = http::read(&mut stream) {
                let key = Key::of_session();
                let body = json!({
                    "AccessKeyId": key.id, "SecretAccessKey": key.secret, "Token": key.session,
                    "Expiration": "2099-01-01T00:00:00Z", "RoleArn": "arn:aws:iam::123456789012:role/shop",
                });
                let knows = request.target == "/v2/credentials" && request.header("authorization") == Some(token);
                let answer = if knows { (200, body) } else { (403, json!({ "message": "who are you" })) };
                let _ = http::write(&mut stream, answer.0, &answer.1, 1);
            }
        }
    });
    format!("http://{address}/v2/credentials")
}

#[test]
fn of_a_container() {
    block_on(async {
        let server = Server::start();
        let url = agent("Basic of-a-container");
        let uri = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.as_str());
        let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic of-a-container");
        works(&environment(bare(&server, &[uri, token]))).await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("token");
        fs::write(&file, "Basic of-a-container\n").expect("written");
        let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().expect("UTF-8"));
        works(&environment(bare(&server, &[uri, token]))).await;
        let error = why(&environment(bare(&server, &[uri]))).await;
        assert!(error.contains("the container: permission denied"), "{error}");
    });
}

/// Its token would cross the network in the clear.
#[test]
fn of_no_container_elsewhere() {
    block_on(async {
        let server = Server::start();
        for url in ["http://192.0.2.1/v2/credentials", "http://localhost.example/"] {
            let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic hunter2");
            let vars = bare(&server, &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", url), token]);
            let error = why(&environment(vars)).await;
            assert!(error.contains("the container: ") && !error.contains("hunter2"), "{error}");
        }
    });
}

fn at_home(server: &Server, home: &Path, more: &[(&str, &str)]) -> Environment {
    Environment { home: Some(home.to_owned()), ..environment(bare(server, more)) }
}

#[test]
fn of_profiles() {
    block_on(async {
        let server = Server::start();
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join(".aws");
        fs::create_dir(&folder).expect("made");
        let (user, role) = (Key::lasting(), Key::of_session());
        let token = role.session.unwrap_or_default();
        let program = folder.join("keys.json");
        let answer = json!({
            "Version": 1, "AccessKeyId": role.id, "SecretAccessKey": role.secret, "SessionToken": token,
        });
        fs::write(&program, answer.to_string()).expect("written");
        let credentials =
            format!("[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n", user.id, user.secret);
        fs::write(folder.join("credentials"), credentials).expect("written");
        let config = format!(
            "[default]\nregion = {REGION}\n[profile program]\ncredential_process = cat {}\nregion = {REGION}\n\
             [profile shop]\nsso_session = shop\nregion = {REGION}\n",
            program.display()
        );
        fs::write(folder.join("config"), config).expect("written");
        for profile in [None, Some("program")] {
            let mut environment = at_home(&server, home.path(), &[]);
            // the region is the profile's, too
            environment.vars.remove("AWS_REGION");
            environment.vars.extend(profile.map(|name| ("AWS_PROFILE".to_owned(), name.to_owned())));
            works(&environment).await;
        }
        let error = why(&at_home(&server, home.path(), &[("AWS_PROFILE", "shop")])).await;
        assert!(error.contains("export-credentials --profile shop"), "{error}");
    });
}

#[test]
fn of_nobody() {
    block_on(async {
        let server = Server::start();
        let error = why(&environment(bare(&server, &[]))).await;
        assert!(error.contains("no AWS credentials were found") && error.contains("AWS_ACCESS_KEY_ID"), "{error}");
        assert!(server.world().calls.is_empty());
    });
}
