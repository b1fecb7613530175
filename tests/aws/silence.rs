//! Nothing that is said holds a password, a session token or a signature, even if AWS says it first.

use pgmoat::secrets::{Entry, ExposeSecret as _, Store, StoreError};

use super::aws::signature::Key;
use super::aws::{Refusal, Server, Turn, World};
use super::contract::{NAME, entry, first, held, second};
use super::{block_on, both, environment, options};

/// The password in each form in which a request has it, and the ends of them.
fn forms(entry: &Entry) -> Vec<String> {
    let password = entry.password.expose_secret();
    let json = serde_json::to_string(password).expect("JSON");
    let url = entry.url().expose_secret().to_owned();
    vec![password.to_owned(), password[..12].to_owned(), json, url.clone(), url[..40].to_owned()]
}

fn all(error: &StoreError) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    format!("{error} {error:?} {source}")
}

#[test]
fn aws_repeats_the_value_and_we_dont() {
    block_on(async {
        let entry = first();
        for said in forms(&entry) {
            let server = Server::start();
            let words: &'static str = Box::leak(format!("Value '{said}' at 'value' is bad").into_boxed_str());
            server.world().hook = Box::new(move |_, call, _| match call.target.contains("Put") {
                true => Turn::Refuse(Refusal(400, "ValidationException", words.into())),
                false => Turn::Go,
            });
            for store in both(&server) {
                let error = all(&store.create(NAME, &entry).await.expect_err("refused"));
                assert!(error.contains("ValidationException") && error.contains("withheld"), "{error}");
                assert!(!error.contains(&said) && !error.contains("S3cret"), "{error}");
            }
        }
        let server = Server::start();
        let long = Entry { dbname: "x".repeat(5000), ..entry };
        let [_, ssm] = both(&server);
        let error = all(&ssm.create(NAME, &long).await.expect_err("too long"));
        assert!(error.contains("ValidationException") && !error.contains("S3cret"), "{error}");
    });
}

#[test]
fn a_store_and_what_it_tells_show_no_value() {
    block_on(async {
        let server = Server::start();
        for store in both(&server) {
            store.create(NAME, &first()).await.expect("created");
            let born = held(&store, NAME).await;
            let shown = format!("{store:?} {store} {born:?}");
            let key = Key::lasting();
            for secret in ["S3cret", key.secret.as_str()] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    });
}

#[test]
fn a_value_that_is_no_entry_is_refused_without_its_words() {
    block_on(async {
        let server = Server::start();
        for store in both(&server) {
            store.create(NAME, &second()).await.expect("created");
        }
        spoil(&mut server.world());
        for store in both(&server) {
            let error = all(&store.read(NAME, pgmoat::secrets::Stage::Current).await.expect_err("no entry"));
            assert!(error.contains("can't be read") && !error.contains("hunter2"), "{error}");
        }
    });
}

fn spoil(world: &mut World) {
    for version in world.secrets.0.get_mut(NAME).expect("a secret").versions.values_mut() {
        version.value = Some("hunter2".into());
    }
    for parameter in world.parameters.0.values_mut() {
        parameter.values = vec!["hunter2".into()];
    }
}

/// AWS's words about a signature hold all that was signed, the session token among it.
#[test]
fn the_session_token_stays_ours() {
    block_on(async {
        let server = Server::start();
        let key = Key::of_session();
        let token = key.session.expect("a token");
        let mut vars = server.environment();
        vars[1].1 = key.id;
        vars[2].1 = "another".to_owned();
        vars.push(("AWS_SESSION_TOKEN".to_owned(), token.clone()));
        let store = Store::secrets_manager(options(), &environment(vars)).expect("a store");
        let error = all(&store.describe(NAME).await.expect_err("a wrong key"));
        assert!(error.contains("InvalidSignatureException") && !error.contains(&token), "{error}");
        // and if it were said in the first line
        let words: &'static str = Box::leak(format!("the token {token} is bad").into_boxed_str());
        server.world().hook =
            Box::new(move |_, _, _| Turn::Refuse(Refusal(400, "UnrecognizedClientException", words.into())));
        let mut vars = server.environment();
        let key = Key::of_session();
        (vars[1].1, vars[2].1) = (key.id, key.secret);
        vars.push(("AWS_SESSION_TOKEN".to_owned(), token.clone()));
        let store = Store::secrets_manager(options(), &environment(vars)).expect("a store");
        let error = all(&store.describe(NAME).await.expect_err("refused"));
        assert!(error.contains("withheld") && !error.contains(&token), "{error}");
    });
}

/// A short password is one, too.
#[test]
fn a_short_password_is_withheld_whole() {
    block_on(async {
        let server = Server::start();
        server.world().hook = Box::new(|_, call, _| match call.target.contains("Put") {
            true => Turn::Refuse(Refusal(400, "InvalidRequestException", "no: pass'd".into())),
            false => Turn::Go,
        });
        for store in both(&server) {
            let error = all(&store.create(NAME, &entry("app", "pass'd")).await.expect_err("refused"));
            assert!(!error.contains("pass'd"), "{error}");
        }
    });
}
