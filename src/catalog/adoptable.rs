//! The code that an apply may take over, with its definitions.

use std::collections::BTreeSet;

use super::CatalogError;
use super::rows::{Answer, Columns, Params, question};
use crate::db::Session;
use crate::model::{Adoptable, AdoptableCode, CodeIdentities, CodeIdentity, Kind, Name, Object, SchemaOwners};

/// An array of text for the server, or NULL.
type Texts<'a> = Option<Vec<&'a str>>;

/// Reads the code in these schemas that belongs neither to their ddl roles nor to a superuser.
///
/// # Errors
/// When the question fails.
pub(super) async fn read_adoptable(session: &Session, schemas: &SchemaOwners) -> Result<Adoptable, CatalogError> {
    if schemas.is_empty() {
        return Ok(Adoptable::default());
    }
    let (names, owners) = (schemas.keys().map(Name::as_str).collect(), schemas.values().map(Name::as_str).collect());
    let code = codes(ask(session, (names, owners), vec![], None).await?)?;
    Ok(Adoptable { asked: schemas.clone(), code })
}

/// Reads the code that these roles own in the session's database, in whatever schema.
///
/// # Errors
/// When the question fails.
pub(super) async fn read_code_of(
    session: &Session,
    roles: &BTreeSet<Name>,
) -> Result<Vec<AdoptableCode>, CatalogError> {
    let roles = roles.iter().map(Name::as_str).collect();
    codes(ask(session, (vec![], vec![]), roles, None).await?)
}

/// Reads the definitions of these objects, whoever owns them by now; those that execute nothing aren't in the answer.
///
/// # Errors
/// When the question fails.
pub async fn read_definitions(session: &Session, objects: &CodeIdentities) -> Result<Vec<AdoptableCode>, CatalogError> {
    codes(ask(session, (vec![], vec![]), vec![], Some(objects)).await?)
}

async fn ask(
    session: &Session,
    (schemas, owners): (Vec<&str>, Vec<&str>),
    roles: Vec<&str>,
    known: Option<&CodeIdentities>,
) -> Result<Answer, CatalogError> {
    let keys: Option<Vec<(String, &Name, &str, &str)>> = known.map(|known| known.iter().map(key).collect());
    let letters: Option<Vec<&str>> = keys.as_ref().map(|keys| keys.iter().map(|key| key.0.as_str()).collect());
    let column = |of: fn(&(String, &'_ Name, &'_ str, &'_ str)) -> String| -> Option<Vec<String>> {
        keys.as_ref().map(|keys| keys.iter().map(of).collect())
    };
    let known_schemas = column(|key| key.1.as_str().to_owned());
    let names: Texts<'_> = keys.as_ref().map(|keys| keys.iter().map(|key| key.2).collect());
    let args: Texts<'_> = keys.as_ref().map(|keys| keys.iter().map(|key| key.3).collect());
    let params: Params<'_> = &[&schemas, &owners, &roles, &letters, &known_schemas, &names, &args];
    question!("adoptable_code").ask_with(session, params).await
}

/// Letter, schema, name and arguments, as the question has them.
fn key(identity: &CodeIdentity) -> (String, &Name, &str, &str) {
    match identity {
        CodeIdentity::Object(object) => {
            (object.kind.letter().to_string(), &object.schema, object.name.as_str(), &object.args)
        }
        CodeIdentity::Other { schema, kind, identity } => (String::new(), schema, kind, identity),
    }
}

fn codes(answer: Answer) -> Result<Vec<AdoptableCode>, CatalogError> {
    let one = |row: Columns| {
        let definition = row.get::<Option<String>>("definition")?.unwrap_or_default();
        let thing = (row.get("kind")?, row.get("identity")?);
        Ok(AdoptableCode { identity: identity(&row)?, thing, owner: row.name("owner")?, definition })
    };
    answer.rows().map(one).collect()
}

fn identity(row: &Columns) -> Result<CodeIdentity, CatalogError> {
    let parts: Vec<&str> = row.get("object")?;
    let [letter, schema, name, args] = parts.as_slice() else { return Err(row.unknown('?')) };
    let schema = Name::of_server(schema);
    let Some(letter) = letter.chars().next() else {
        return Ok(CodeIdentity::Other { schema, kind: (*name).into(), identity: (*args).into() });
    };
    let kind = Kind::of_letter(letter).ok_or_else(|| row.unknown(letter))?;
    Ok(CodeIdentity::Object(Object { schema, kind, name: Name::of_server(name), args: (*args).into() }))
}
