//! The logins whose passwords are kept, and those of them that the command line names.

use crate::cli::error::CliError;
use crate::layout::{Layout, Login, Service};
use crate::secrets::Account;

/// All of the layout.
pub(super) fn all(layout: &Layout) -> Vec<Account> {
    layout.with_secret().map(|(service, login)| account(service, login)).collect()
}

fn account(service: &Service, login: &Login) -> Account {
    Account {
        service: service.key.clone(),
        login: login.key.clone(),
        secret: login.secret.clone().unwrap_or_default(),
        role: login.name.clone(),
        slots: login.slots().to_vec(),
        database: service.database.clone(),
        adopt: login.adopt,
    }
}

/// Those that the words name, each a service or `SERVICE.LOGIN`; all of them without a word.
pub(in crate::cli) fn named(layout: &Layout, words: &[String]) -> Result<Vec<Account>, CliError> {
    let all = all(layout);
    if words.is_empty() {
        return Ok(all);
    }
    let mut chosen = vec![false; all.len()];
    for word in words {
        // keys may have dots of their own
        let is = |account: &Account| account.service == *word || account.shown() == *word;
        let found: Vec<usize> = (0..all.len()).filter(|index| is(&all[*index])).collect();
        if found.is_empty() {
            return Err(unknown(layout, &all, word));
        }
        found.into_iter().for_each(|index| chosen[index] = true);
    }
    Ok(all.into_iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(account, _)| account).collect())
}

fn unknown(layout: &Layout, all: &[Account], word: &str) -> CliError {
    let logins = || layout.services.values().flat_map(|s| s.logins.values().map(move |login| (s, login)));
    if layout.services.contains_key(word) || logins().any(|(s, login)| format!("{}.{}", s.key, login.key) == word) {
        return CliError::new(format!("`{word}` has no password in the store"))
            .hint("logins with auth = \"iam\" or \"external\" have none");
    }
    let names = all.iter().flat_map(|account| [account.service.clone(), account.shown()]);
    let near = names.map(|name| (strsim::osa_distance(&name, word), name)).min();
    let error = CliError::new(format!("the layout has no service or login `{word}`"));
    match near {
        Some((distance, name)) if distance <= 3 => error.hint(format!("did you mean `{name}`?")),
        _ => error.hint("expected a service, or SERVICE.LOGIN"),
    }
}
