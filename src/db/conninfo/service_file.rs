//! `pg_service.conf`: named sets of connection settings.

use super::keyword;
use super::settings::Settings;
use crate::db::conninfo_error::{ConninfoError, Origin};
use crate::db::environment::Environment;
use crate::db::regular_file;
use std::path::{Path, PathBuf};

/// Where Debian's libpq looks when PGSYSCONFDIR isn't set.
const SYSTEM_FOLDER: &str = "/etc/postgresql-common";

/// The settings of a service: from the file that was named or else the one in the home folder, then from the system's.
pub(super) fn find(service: &str, named: Option<&str>, environment: &Environment) -> Result<Settings, ConninfoError> {
    let system = Path::new(environment.var("PGSYSCONFDIR").unwrap_or(SYSTEM_FOLDER)).join("pg_service.conf");
    let own = match named {
        Some(path) => Some(PathBuf::from(path)),
        None => environment.in_home(".pg_service.conf").filter(|path| path.exists()),
    };
    let mut searched = Vec::new();
    for path in own.into_iter().chain(Some(system).filter(|path| path.exists())) {
        if let Some(settings) = read(&path, service)? {
            return Ok(settings);
        }
        searched.push(path);
    }
    Err(ConninfoError::ServiceNotFound { service: service.to_owned(), searched })
}

fn read(path: &Path, service: &str) -> Result<Option<Settings>, ConninfoError> {
    let bytes = regular_file::read(path, regular_file::LARGEST_SETTINGS)
        .map_err(|error| ConninfoError::ServiceFileUnreadable { path: path.to_owned(), reason: error.to_string() })?;
    parse(&String::from_utf8_lossy(&bytes), service, path)
}

/// The section named `service`. Only its lines are looked at closely: another team's section must not stop us.
fn parse(text: &str, service: &str, path: &Path) -> Result<Option<Settings>, ConninfoError> {
    let mut section: Option<Settings> = None;
    for (index, line) in text.lines().enumerate() {
        let problem = |problem| ConninfoError::ServiceFile { path: path.to_owned(), line: index + 1, problem };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            if section.is_some() {
                break;
            }
            if header.strip_prefix(service).is_some_and(|rest| rest.starts_with(']')) {
                section = Some(Settings::default());
            }
            continue;
        }
        let Some(settings) = &mut section else { continue };
        if line.starts_with("ldap:") {
            return Err(problem("asks an LDAP server, which pgmoat doesn't support"));
        }
        let (name, value) = line.split_once('=').ok_or_else(|| problem("has no `=`"))?;
        if matches!(name, "service" | "servicefile") {
            return Err(problem("names a service inside a service, which isn't allowed"));
        }
        let keyword = keyword::find(name).ok_or_else(|| problem("has a setting that PostgreSQL doesn't know"))?;
        // Within a file the first value counts, as in libpq.
        let mut setting = Settings::default();
        setting.set(keyword, value.to_owned(), &Origin::Service(path.to_owned()));
        settings.fill_from(setting);
    }
    Ok(section)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "# comment\n[other]\nnonsense\n[shop]\nhost=h\n  user=first  \nuser=second\n\npassword=a b\n[shop]\nport=1\n";

    #[test]
    fn a_section_is_read_up_to_the_next() {
        let settings = parse(FILE, "shop", Path::new("f")).expect("well-formed").expect("found");
        assert_eq!(settings.get("host"), Some("h"));
        assert_eq!(settings.get("user"), Some("first"));
        assert_eq!(settings.get("password"), Some("a b"));
        assert_eq!(settings.get("port"), None);
        assert!(parse(FILE, "sho", Path::new("f")).expect("well-formed").is_none());
    }

    #[test]
    fn errors_tell_the_line_and_nothing_of_it() {
        for text in ["[s]\nhunter2", "[s]\nhunter2=1", "[s]\nservice=hunter2", "[s]\nldap://hunter2"] {
            let error = parse(text, "s", Path::new("f")).err().expect("malformed");
            assert!(error.to_string().starts_with("line 2 of the service file f"), "{error}");
            assert!(!format!("{error:?} {error}").contains("hunter2"));
        }
    }

    #[test]
    fn the_file_named_is_read_before_the_systems() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let named = folder.path().join("named.conf");
        std::fs::write(&named, "[a]\nhost=named\n").expect("written");
        std::fs::write(folder.path().join("pg_service.conf"), "[a]\nhost=system\n[b]\nhost=system\n").expect("written");
        std::fs::write(folder.path().join(".pg_service.conf"), "[c]\nhost=home\n").expect("written");
        let folder_name = folder.path().display().to_string();
        let environment = Environment {
            vars: [("PGSYSCONFDIR".to_owned(), folder_name)].into(),
            home: Some(folder.path().to_owned()),
            os_user: None,
        };
        let named = named.to_str().expect("UTF-8");
        let host = |service, named| Some(find(service, named, &environment).ok()?.get("host")?.to_owned());
        assert_eq!(host("a", Some(named)).as_deref(), Some("named"));
        assert_eq!(host("b", Some(named)).as_deref(), Some("system"));
        assert_eq!(host("c", Some(named)), None);
        assert_eq!(host("c", None).as_deref(), Some("home"));
        assert_eq!(host("a", Some("/nonexistent")), None);
    }
}
