//! `pgmoat export ecs`

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::{Aws, aws};
use crate::cli::error::CliError;
use crate::cli::secrets::accounts;
use crate::cli::{Context, Exit};
use crate::secrets::{Account, Store, StoreError};

/// The `secrets` of ECS task definitions: which variable comes from which entry of the store
///
/// JSON: by service, what belongs into `containerDefinitions[].secrets`. One login of a service is DATABASE_URL; where several are
/// asked for, each has its own before it: APP_DATABASE_URL. So `export ecs orders.app` is for the container that connects as app.
///
/// The addresses are asked of the store, since AWS adds six characters of its own to each; no value is asked for. The role that
/// reads them when a task starts is the execution role: see `pgmoat export iam execution`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Services, or SERVICE.LOGIN; default all
    #[arg(value_name = "SERVICE[.LOGIN]")]
    logins: Vec<String>,
    /// What of an entry: url, a variable each of several, or all of it as one JSON text
    ///
    /// ECS reads each variable by itself, when a task starts. With `--key username --key password` a rotation may fall between the
    /// two, and the task starts with the user of one version and the password of another: it can't log in, and is started again.
    /// `url` and `all` are read at once, and can't be torn. A parameter of SSM is one text, the URL: it has no other keys.
    #[arg(long = "key", value_name = "KEY", default_value = "url")]
    keys: Vec<Key>,
    /// The entries must be of this account
    #[arg(long, value_name = "ID", value_parser = super::iam::account)]
    account: Option<String>,
    /// The entries must be of this region
    #[arg(long, value_name = "REGION", value_parser = super::iam::region)]
    region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Key {
    Url,
    All,
    Username,
    Password,
    Host,
    Port,
    Dbname,
}

impl Key {
    /// The key in the entry; None: all of it.
    fn json(self) -> Option<&'static str> {
        Some(match self {
            Self::All => return None,
            Self::Url => "url",
            Self::Username => "username",
            Self::Password => "password",
            Self::Host => "host",
            Self::Port => "port",
            Self::Dbname => "dbname",
        })
    }

    fn variable(self) -> String {
        format!("DATABASE_{}", self.json().unwrap_or("secret").to_uppercase())
    }
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let (secrets, kind) = aws(&layout).map_err(|error| error.hint(COMPOSE))?;
    if kind == Aws::Ssm && args.keys.iter().any(|key| *key != Key::Url) {
        return Err(CliError::new("a parameter of SSM is one text, the URL; it has no other keys")
            .hint("leave --key away, or keep the entries in Secrets Manager"));
    }
    let keys: BTreeSet<Key> = args.keys.iter().copied().collect();
    let accounts = accounts::named(&layout, &args.logins)?;
    let store = context.store(secrets)?;
    let references = references(&store, &accounts).await?;
    for reference in &references {
        check(reference, args)?;
    }
    context.printer.answer(&super::json(&document(&accounts, &references, (kind, &keys))))?;
    Ok(Exit::Done)
}

const COMPOSE: &str =
    "for docker compose: with format = \"dotenv\" in [secrets], `env_file` takes an entry's file as it is";

/// Where each entry is, by full ARN. No value is asked for.
async fn references(store: &Store, accounts: &[Account]) -> Result<Vec<String>, CliError> {
    const AT_ONCE: usize = 8;
    let one = async |account: &Account| store.describe(&account.secret).await;
    let found: Vec<Result<_, StoreError>> =
        futures_util::stream::iter(accounts).map(one).buffered(AT_ONCE).collect().await;
    let (mut references, mut missing) = (Vec::new(), Vec::new());
    for (account, held) in accounts.iter().zip(found) {
        match held.map_err(|error| CliError::new("the store can't be asked").caused_by(&error))? {
            Some(held) if held.current.is_some() => references.push(held.reference),
            _ => missing.push(format!("{}: {}", account.shown(), account.secret)),
        }
    }
    if missing.is_empty() {
        return Ok(references);
    }
    let message =
        format!("there is no entry yet for {}, and AWS gives each its address when it is made", count(missing.len()));
    let error = CliError::new(message).hint("pgmoat apply makes the entries, with the logins");
    Err(CliError { details: missing, ..error })
}

fn count(n: usize) -> String {
    if n == 1 { "1 login".to_owned() } else { format!("{n} logins") }
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:…`
fn check(reference: &str, args: &Args) -> Result<(), CliError> {
    let parts: Vec<&str> = reference.split(':').collect();
    let is = |at: usize, wanted: Option<&String>| {
        wanted.is_none_or(|wanted| parts.get(at).is_some_and(|part| part == wanted))
    };
    if is(3, args.region.as_ref()) && is(4, args.account.as_ref()) {
        return Ok(());
    }
    Err(CliError::new(format!("the entry is elsewhere: {reference}"))
        .hint("are these the credentials, and is this the region, of the account that you mean?"))
}

/// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html>
fn document(accounts: &[Account], references: &[String], (kind, keys): (Aws, &BTreeSet<Key>)) -> Value {
    let mut services = BTreeMap::<&str, Vec<(&Account, &String)>>::new();
    for (account, reference) in accounts.iter().zip(references) {
        services.entry(&account.service).or_default().push((account, reference));
    }
    let of_service = |logins: &[(&Account, &String)]| {
        let prefixes = prefixes(logins);
        let of_login = |((_, reference), prefix): (&(&Account, &String), &String)| {
            keys.iter()
                .map(|key| {
                    json!({
                        "name": format!("{prefix}{}", key.variable()),
                        "valueFrom": value_from(reference, kind, *key),
                    })
                })
                .collect::<Vec<_>>()
        };
        Value::Array(logins.iter().zip(&prefixes).flat_map(of_login).collect())
    };
    services.iter().map(|(service, logins)| ((*service).to_owned(), of_service(logins))).collect()
}

/// What stands before a login's variables: nothing, where it is alone.
fn prefixes(logins: &[(&Account, &String)]) -> Vec<String> {
    if logins.len() == 1 {
        return vec![String::new()];
    }
    let keys: Vec<String> = logins.iter().map(|(account, _)| account.login.clone()).collect();
    let words = super::words::distinct(&keys, |key| super::words::identifier(key).to_ascii_uppercase());
    words.into_iter().map(|word| format!("{word}_")).collect()
}

/// `ARN:json-key:version-stage:version-id`, all its colons or none.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html>
fn value_from(reference: &str, kind: Aws, key: Key) -> String {
    match (kind, key.json()) {
        (Aws::SecretsManager, Some(key)) => format!("{reference}:{key}::"),
        _ => reference.to_owned(),
    }
}
