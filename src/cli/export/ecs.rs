//! `pgmoat export ecs`

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::{Aws, aws};
use crate::cli::error::CliError;
use crate::cli::secrets::accounts;
use crate::cli::{Context, Exit};
use crate::layout::Secrets;
use crate::secrets::{Account, Held, Store, StoreError};

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
    /// The entries must be of this region; also where to ask, if [secrets] names none
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
    let region = secrets.region.clone().or_else(|| args.region.clone());
    let store = context.store(&Secrets { region, ..secrets.clone() })?;
    let held = held(&store, &accounts).await?;
    for (account, held) in accounts.iter().zip(&held) {
        if let Some(why) = &held.foreign {
            context.printer.warning(&format!(
                "{}: the entry {} isn't pgmoat's: {why}",
                account.shown(),
                account.secret
            ));
        }
    }
    let references: Vec<String> = held.into_iter().map(|held| held.reference).collect();
    for reference in &references {
        check(reference, args)?;
    }
    context.printer.answer(&super::json(&document(&accounts, &references, (kind, &keys))))?;
    Ok(Exit::Done)
}

const COMPOSE: &str =
    "for docker compose: with format = \"dotenv\" in [secrets], `env_file` takes an entry's file as it is";

/// Where each entry is, by full ARN. No value is asked for.
async fn held(store: &Store, accounts: &[Account]) -> Result<Vec<Held>, CliError> {
    const AT_ONCE: usize = 8;
    let one = async |account: &Account| store.look(&account.secret).await;
    let found: Vec<Result<_, StoreError>> =
        futures_util::stream::iter(accounts).map(one).buffered(AT_ONCE).collect().await;
    let is_there = |held: &Held| held.current.is_some() && held.reference.starts_with("arn:");
    let (mut all, mut missing) = (Vec::new(), Vec::new());
    for (account, held) in accounts.iter().zip(found) {
        match held.map_err(|error| CliError::new("the store can't be asked").caused_by(&error))?.filter(is_there) {
            Some(held) => all.push(held),
            None => missing.push(format!("{}: {}", account.shown(), account.secret)),
        }
    }
    if missing.is_empty() {
        return Ok(all);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    fn account(service: &str, login: &str) -> Account {
        let role = Name::of_server("role");
        let (service, login, secret) = (service.to_owned(), login.to_owned(), format!("{service}/{login}"));
        Account { service, login, secret, role: role.clone(), slots: vec![], database: role, adopt: false }
    }

    fn pairs(document: &Value, service: &str) -> Vec<String> {
        let secrets = document[service].as_array().expect("a list");
        let text = |secret: &Value, key: &str| secret[key].as_str().expect("a string").to_owned();
        secrets.iter().map(|secret| format!("{}={}", text(secret, "name"), text(secret, "valueFrom"))).collect()
    }

    #[test]
    fn a_login_alone_needs_no_name_before_it() {
        let accounts = [account("billing", "app"), account("orders", "app"), account("orders", "read-only")];
        let arns = ["arn:b", "arn:o", "arn:r"].map(str::to_owned);
        let document = document(&accounts, &arns, (Aws::SecretsManager, &BTreeSet::from([Key::Url])));
        assert_eq!(pairs(&document, "billing"), ["DATABASE_URL=arn:b:url::"]);
        assert_eq!(pairs(&document, "orders"), ["APP_DATABASE_URL=arn:o:url::", "READ_ONLY_DATABASE_URL=arn:r:url::"]);
    }

    #[test]
    fn variables_of_one_service_are_distinct() {
        let accounts = ["a-b", "a.b", "A_B", "2nd", "ü"].map(|login| account("s", login));
        let arns = vec!["arn:x".to_owned(); accounts.len()];
        let keys = BTreeSet::from([Key::Url, Key::All, Key::Password]);
        let pairs = pairs(&document(&accounts, &arns, (Aws::SecretsManager, &keys)), "s");
        let names: BTreeSet<&str> = pairs.iter().filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
        assert_eq!(names.len(), 15, "{pairs:?}");
        let legal = |name: &&str| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        assert!(names.iter().all(legal) && names.contains("_2ND_DATABASE_SECRET"), "{names:?}");
    }

    #[test]
    fn the_whole_entry_or_a_parameter_has_no_colons_after_it() {
        let all = BTreeSet::from([Key::All]);
        let accounts = [account("s", "app")];
        let arns = ["arn:x".to_owned()];
        assert_eq!(pairs(&document(&accounts, &arns, (Aws::SecretsManager, &all)), "s"), ["DATABASE_SECRET=arn:x"]);
        let url = BTreeSet::from([Key::Url]);
        assert_eq!(pairs(&document(&accounts, &arns, (Aws::Ssm, &url)), "s"), ["DATABASE_URL=arn:x"]);
    }

    #[test]
    fn another_account_is_refused() {
        let args = |account: &str, region: &str| Args {
            logins: vec![],
            keys: vec![Key::Url],
            account: Some(account.to_owned()),
            region: Some(region.to_owned()),
        };
        let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders/app-AbCdEf";
        assert!(check(arn, &args("111122223333", "eu-central-1")).is_ok());
        assert!(check(arn, &args("111122223334", "eu-central-1")).is_err());
        assert!(check(arn, &args("111122223333", "eu-central-2")).is_err());
    }
}
