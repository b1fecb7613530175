//! Functions of the system that aren't known to be harmless, and calls of those that run what a text names.

use super::CatalogError;
use super::code::{each, object};
use super::rows::{Columns, question};
use crate::db::Session;
use crate::model::ByName;

/// By oid, which differs between majors.
pub(super) struct Harmful {
    pub(super) all: Vec<u32>,
    by_name: Vec<u32>,
}

impl Harmful {
    pub(super) async fn read(session: &Session) -> Result<Self, CatalogError> {
        let (mut all, mut by_name) = (Vec::new(), Vec::new());
        for row in question!("code_harmful").ask(session).await?.rows() {
            let routine = row.get("routine")?;
            all.push(routine);
            by_name.extend(row.get::<bool>("by_name")?.then_some(routine));
        }
        Ok(Self { all, by_name })
    }

    /// Finds a call in an expression's text, `{FUNCEXPR :funcid 6210 … :args ({VAR …} {CONST :consttype 25 … :constvalue 7 [ 28 0 0 0 115 … ]})`,
    /// and gives its function, and the bytes of a text that is the second and last argument.
    fn pattern(&self) -> String {
        const LEVELS: usize = 5;
        let node = (0..LEVELS).fold("{[^{}]*}".to_owned(), |node, _| format!("{{[^{{}}]*(?:{node}[^{{}}]*)*}}"));
        let node = node.replace("{[^", r"\{[^").replace("*}", r"*\}");
        let oids: Vec<String> = self.by_name.iter().map(u32::to_string).collect();
        let text = r"\{CONST :consttype 25 [^{}]*:constvalue [0-9]+ \[ ([-0-9 ]+)\]\}\)";
        format!(r":funcid ({}) [^(]*:args \((?:{node} {text})?", oids.join("|"))
    }
}

/// Reads the calls.
///
/// # Errors
/// When the question fails.
pub(super) async fn read_by_name(session: &Session, harmful: &Harmful) -> Result<Vec<ByName>, CatalogError> {
    each(question!("code_by_name").ask_with(session, &[&harmful.pattern()]).await?, by_name)
}

fn by_name(row: &Columns) -> Result<ByName, CatalogError> {
    Ok(ByName {
        user: object(row, "user")?,
        owner: row.name("owner")?,
        part: row.get("part")?,
        code: object(row, "code")?,
        names: row.get::<Option<&str>>("bytes")?.and_then(text),
    })
}

/// A datum of type text as `pg_node_tree` shows it: four bytes of length, and then its own, as signed numbers.
fn text(bytes: &str) -> Option<String> {
    const HEADER: usize = 4;
    let bytes =
        bytes.split_whitespace().skip(HEADER).map(|byte| byte.parse::<i16>().ok()?.to_le_bytes().first().copied());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_a_text() {
        assert_eq!(super::text("28 0 0 0 115 46 100"), Some("s.d".into()));
        assert_eq!(super::text("28 0 0 0 -61 -87"), Some("é".into()));
        assert_eq!(super::text("28 0 0 0 -61"), None);
    }
}
