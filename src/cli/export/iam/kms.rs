//! What a customer's own key needs besides. With AWS's own key of the account, everybody in it who may use the store may decrypt
//! by it, and no policy is needed.

use serde_json::json;

use super::arn::literal;
use super::policy::Statement;
use super::{Entries, Place};

/// What kind of name the layout gives the key.
enum Key {
    /// AWS's own.
    OfAws,
    Arn(String),
    /// All keys of the account and region by ARN, of which only the one with this alias is meant: a policy for what is done with
    /// a key can't name it by the ARN of an alias.
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html>
    Alias {
        keys: String,
        alias: String,
    },
}

impl Key {
    fn of(place: &Place, text: &str) -> Self {
        match text.rsplit_once("alias/") {
            Some((_, name)) if name.starts_with("aws/") => Self::OfAws,
            Some(("", name)) => Self::Alias { keys: place.key("*"), alias: format!("alias/{name}") },
            Some((arn, name)) => Self::Alias { keys: format!("{arn}key/*"), alias: format!("alias/{name}") },
            None if text.starts_with("arn:") => Self::Arn(literal(text)),
            None => Self::Arn(place.key(&literal(text))),
        }
    }
}

/// Nothing, if the entries are under AWS's own key; else what may be done by the customer's, through the store alone, and for
/// these entries alone: the store says in the encryption context which one it is about.
pub(super) fn statement(
    entries: &Entries<'_>,
    actions: &[&str],
    (via, context, of): (&str, &str, Vec<String>),
) -> Option<Statement> {
    let key = Key::of(entries.place, entries.secrets.kms_key.as_deref()?);
    let (resource, alias) = match key {
        Key::OfAws => return None,
        Key::Arn(arn) => (arn, None),
        Key::Alias { keys, alias } => (keys, Some(alias)),
    };
    let statement = Statement::new("UseTheKeyOfTheEntries", actions, vec![resource])
        .when("StringEquals", "kms:ViaService", entries.place.via(via))
        .when("StringLike", format!("kms:EncryptionContext:{context}"), json!(of));
    Some(match alias {
        Some(alias) => statement.when("ForAnyValue:StringEquals", "kms:ResourceAliases", alias),
        None => statement,
    })
}
