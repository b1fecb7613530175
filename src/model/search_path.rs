//! The search_path as the server computes it: from settings, for the role that a session acts as.
//! <https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH>

use super::role::list_elements;
use super::{Name, SettingKey, Settings};

/// The longest identifier in bytes, `NAMEDATALEN - 1`: the server cuts what is longer.
const LONGEST: usize = 63;

/// The schemas of a search_path in their order, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchPath(Vec<String>);

impl SearchPath {
    /// Returns the path that a stored value means (`SplitIdentifierString` in src/backend/utils/adt/varlena.c).
    #[must_use]
    pub fn of_setting(value: &str) -> Self {
        Self(list_elements(value).iter().map(|element| cut(element)).collect())
    }

    /// Returns the schema that a qualified name names as a path of it alone; `None` where there is none, and the path is gone along.
    #[must_use]
    pub fn of_qualified(name: &str) -> Option<Self> {
        let (mut parts, mut quoted) = (vec![String::new()], false);
        for c in name.chars() {
            quoted ^= c == '"';
            match parts.last_mut() {
                Some(_) if c == '.' && !quoted => parts.push(String::new()),
                Some(part) => part.push(c),
                None => {}
            }
        }
        let schema = parts.len().checked_sub(2)?;
        Some(Self::of_setting(&parts[schema]))
    }

    /// Returns the path of a session without any setting: `"$user", public`.
    #[must_use]
    pub fn built_in() -> Self {
        Self(vec!["$user".into(), "public".into()])
    }

    /// Returns the path that a session of a login has in a database, by the settings alone.
    #[must_use]
    pub fn of_login(settings: &Settings, login: &Name, database: &Name) -> Self {
        settings_of(settings, login, database, "search_path")
            .into_iter()
            .next()
            .map_or_else(Self::built_in, Self::of_setting)
    }

    /// Returns the schemas that it names while a session acts as a role, each once. `pg_temp` and its like aren't left out.
    #[must_use]
    pub fn schemas(&self, acting: &Name) -> Vec<Name> {
        let mut schemas = Vec::new();
        for element in &self.0 {
            let schema = if element == "$user" { acting.clone() } else { Name::of_server(element) };
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        schemas
    }

    /// Returns whether it depends on the role that the session acts as.
    #[must_use]
    pub fn has_user(&self) -> bool {
        self.0.iter().any(|element| element == "$user")
    }

    /// Returns the place of a schema among the elements.
    #[must_use]
    pub fn position(&self, schema: &str) -> Option<usize> {
        self.0.iter().position(|element| element == schema)
    }
}

/// Returns the values that a parameter is set to for sessions of a role in a database. The first one counts; where the server
/// refuses it when the session starts, the next (`process_settings` in src/backend/utils/init/postinit.c).
#[must_use]
pub fn settings_of<'a>(settings: &'a Settings, role: &Name, database: &Name, parameter: &str) -> Vec<&'a str> {
    let places = [(Some(database), Some(role)), (None, Some(role)), (Some(database), None), (None, None)];
    let of = |(database, role): (Option<&Name>, Option<&Name>)| {
        let first = SettingKey { database: database.cloned(), role: role.cloned(), parameter: String::new() };
        let same = move |key: &SettingKey| key.database.as_ref() == database && key.role.as_ref() == role;
        let mut here = settings.range(first..).take_while(move |(key, _)| same(key));
        here.find(|(key, _)| key.parameter.eq_ignore_ascii_case(parameter)).map(|(_, value)| value.as_str())
    };
    places.into_iter().filter_map(of).collect()
}

fn cut(element: &str) -> String {
    let mut end = element.len().min(LONGEST);
    while !element.is_char_boundary(end) {
        end -= 1;
    }
    element[..end].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Name {
        Name::of_server(name)
    }

    #[test]
    fn elements_are_split_as_the_server_splits_them() {
        let schemas = |value: &str| {
            let schemas = SearchPath::of_setting(value).schemas(&name("app"));
            schemas.iter().map(|schema| schema.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(schemas(r#""$user", public"#), ["app", "public"]);
        assert_eq!(schemas(r#""My, Schema", "a""b",PUBLIC"#), ["My, Schema", "a\"b", "public"]);
        assert_eq!(schemas(r#""""#), [""; 0]);
        assert_eq!(schemas("a, a, \"$USER\""), ["a", "$USER"]);
        assert_eq!(schemas(&"x".repeat(70)), ["x".repeat(63)]);
    }

    #[test]
    fn a_qualified_name_has_a_schema() {
        let schema = |value: &str| SearchPath::of_qualified(value).map(|path| path.schemas(&name("app")));
        assert_eq!(schema("cfg"), None);
        assert_eq!(schema("Billing.cfg"), Some(vec![name("billing")]));
        assert_eq!(schema(r#"db . "a.""b" . "c.d""#), Some(vec![name("a.\"b")]));
    }

    #[test]
    fn the_nearest_setting_counts() {
        let (app, shop) = (name("app"), name("shop"));
        let key = |database: bool, role: bool| SettingKey {
            database: database.then(|| shop.clone()),
            role: role.then(|| app.clone()),
            parameter: "Search_Path".into(),
        };
        let mut settings = Settings::new();
        let path = |settings: &Settings| SearchPath::of_login(settings, &app, &shop).schemas(&app);
        assert_eq!(path(&settings), [app.clone(), name("public")]);
        for (at, place) in [(false, false), (true, false), (false, true), (true, true)].into_iter().enumerate() {
            settings.insert(key(place.0, place.1), format!("s{at}"));
            assert_eq!(path(&settings), [name(&format!("s{at}"))]);
        }
        assert_eq!(settings_of(&settings, &app, &shop, "search_path"), ["s3", "s2", "s1", "s0"]);
        assert_eq!(settings_of(&settings, &name("other"), &name("x"), "search_path"), ["s0"]);
    }
}
