//! The form `postgresql://user:password@host1:5432,host2/database?keyword=value`.

use super::keyword;
use super::settings::Settings;
use crate::db::conninfo_error::{ConninfoError, Origin};

/// Whether this is one of PostgreSQL's URLs.
pub(super) fn is_url(text: &str) -> bool {
    scheme_length(text).is_some()
}

fn scheme_length(text: &str) -> Option<usize> {
    ["postgresql://", "postgres://"]
        .iter()
        .find(|scheme| text.starts_with(**scheme))
        .map(|scheme| scheme.len())
}

/// Takes the URL apart as libpq does, but refuses a second `@` where libpq would take half of a password for a host.
pub(super) fn parse(text: &str) -> Result<Settings, ConninfoError> {
    let start = scheme_length(text).ok_or(ConninfoError::NotOurUrl)?;
    let mut url = Url {
        text,
        settings: Settings::default(),
    };
    let hosts = url.user_info(start)?;
    let after_hosts = url.hosts(hosts)?;
    let after_path = url.path(after_hosts)?;
    url.parameters(after_path)?;
    Ok(url.settings)
}

struct Url<'a> {
    text: &'a str,
    settings: Settings,
}

const SECOND_AT: &str = "there is an `@` after the user and password; in those, `@` and `/` must be percent-encoded";

impl Url<'_> {
    /// Reads `user:password@` if it is there; answers where the hosts start.
    fn user_info(&mut self, start: usize) -> Result<usize, ConninfoError> {
        let at = self.find(start, &['@', '/']);
        if !self.text[at..].starts_with('@') {
            return Ok(start);
        }
        let end_of_user = self.find(start, &[':', '@']);
        self.store("user", start, end_of_user)?;
        if end_of_user < at {
            self.store("password", end_of_user + 1, at)?;
        }
        Ok(at + 1)
    }

    /// Reads `host:port,host:port`; answers where the path or the parameters start.
    fn hosts(&mut self, start: usize) -> Result<usize, ConninfoError> {
        let (mut hosts, mut ports) = (Vec::new(), Vec::new());
        let mut at = start;
        loop {
            let (host, after_host) = self.host(at)?;
            hosts.push(host);
            at = after_host;
            let mut port = String::new();
            if self.text[at..].starts_with(':') {
                let end = self.find(at + 1, &['/', '?', ',']);
                port = decode(self.text, at + 1, end)?;
                self.refuse_at_sign(at + 1, end)?;
                at = end;
            }
            ports.push(port);
            if !self.text[at..].starts_with(',') {
                break;
            }
            at += 1;
        }
        self.set("host", hosts.join(","));
        self.set(
            "port",
            if ports.iter().all(String::is_empty) {
                String::new()
            } else {
                ports.join(",")
            },
        );
        Ok(at)
    }

    fn host(&self, start: usize) -> Result<(String, usize), ConninfoError> {
        if !self.text[start..].starts_with('[') {
            let end = self.find(start, &[':', '/', '?', ',']);
            self.refuse_at_sign(start, end)?;
            return Ok((decode(self.text, start, end)?, end));
        }
        let end = self.find(start, &[']']);
        if end == self.text.len() {
            return Err(problem("a `[` that starts an IPv6 address has no `]`", start));
        }
        if end == start + 1 {
            return Err(problem("the IPv6 address between `[` and `]` is empty", start));
        }
        if !matches!(self.text[end + 1..].chars().next(), None | Some(':' | '/' | '?' | ',')) {
            return Err(problem(
                "after the `]` of an IPv6 address only `:`, `/`, `?` or `,` may follow",
                end + 1,
            ));
        }
        Ok((decode(self.text, start + 1, end)?, end + 1))
    }

    /// Reads `/database`; answers where the parameters start.
    fn path(&mut self, start: usize) -> Result<usize, ConninfoError> {
        if !self.text[start..].starts_with('/') {
            return Ok(start);
        }
        let end = self.find(start, &['?']);
        self.refuse_at_sign(start, end)?;
        if end > start + 1 {
            self.store("dbname", start + 1, end)?;
        }
        Ok(end)
    }

    /// Reads `?keyword=value&keyword=value`.
    fn parameters(&mut self, start: usize) -> Result<(), ConninfoError> {
        if !self.text[start..].starts_with('?') {
            return Ok(());
        }
        let mut at = start + 1;
        let mut ordinal = 0;
        while at < self.text.len() {
            ordinal += 1;
            let end = self.find(at, &['&']);
            let equals = self.find(at, &['=', '&']);
            if equals == end {
                return Err(problem("a parameter has no `=`", at));
            }
            if self.text[equals + 1..end].contains('=') {
                return Err(problem("a parameter has a second `=`", at));
            }
            let mut name = decode(self.text, at, equals)?;
            let mut value = decode(self.text, equals + 1, end)?;
            if name == "ssl" && value == "true" {
                // libpq does this for the sake of JDBC's URLs.
                (name, value) = ("sslmode".to_owned(), "require".to_owned());
            }
            match keyword::find(&name) {
                Some(known) => self.settings.set(known, value, &Origin::Argument),
                None => return Err(ConninfoError::UnknownKeyword { ordinal, offset: at }),
            }
            at = end + 1;
        }
        Ok(())
    }

    /// Where the first of `marks` is, from `start`; the end of the text if none is there.
    fn find(&self, start: usize, marks: &[char]) -> usize {
        self.text[start..]
            .find(marks)
            .map_or(self.text.len(), |offset| start + offset)
    }

    fn refuse_at_sign(&self, start: usize, end: usize) -> Result<(), ConninfoError> {
        match self.text[start..end].find('@') {
            Some(offset) => Err(problem(SECOND_AT, start + offset)),
            None => Ok(()),
        }
    }

    fn store(&mut self, name: &'static str, start: usize, end: usize) -> Result<(), ConninfoError> {
        let value = decode(self.text, start, end)?;
        self.set(name, value);
        Ok(())
    }

    /// An empty part of a URL says nothing, unlike an empty value elsewhere.
    fn set(&mut self, name: &'static str, value: String) {
        if let Some(keyword) = keyword::find(name).filter(|_| !value.is_empty()) {
            self.settings.set(keyword, value, &Origin::Argument);
        }
    }
}

fn problem(problem: &'static str, offset: usize) -> ConninfoError {
    ConninfoError::Url { problem, offset }
}

fn decode(text: &str, start: usize, end: usize) -> Result<String, ConninfoError> {
    let raw = &text.as_bytes()[start..end];
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        if raw[at] != b'%' {
            bytes.push(raw[at]);
            at += 1;
            continue;
        }
        let digits = raw.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = digits
            .filter(|pair| pair.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .ok_or_else(|| problem("a `%` isn't followed by two hexadecimal digits", start + at))?;
        if byte == 0 {
            return Err(problem("%00 isn't allowed", start + at));
        }
        bytes.push(byte);
        at += 3;
    }
    String::from_utf8(bytes).map_err(|_| problem("what is percent-encoded isn't UTF-8", start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let settings = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let names = ["user", "password", "dbname", "host", "hostaddr", "port", "sslmode"];
        let set = names
            .iter()
            .filter_map(|name| Some(format!("{name}='{}'", settings.get(name)?)));
        set.collect::<Vec<_>>().join(" ")
    }

    /// The cases of libpq's own `uri-regress` test, and some more.
    const VALID: &[(&str, &str)] = &[
        (
            "postgresql://uri-user:secret@host:12345/db",
            "user='uri-user' password='secret' dbname='db' host='host' port='12345'",
        ),
        (
            "postgresql://uri-user@host:12345/db",
            "user='uri-user' dbname='db' host='host' port='12345'",
        ),
        (
            "postgresql://uri-user@host/db",
            "user='uri-user' dbname='db' host='host'",
        ),
        ("postgresql://host:12345/db", "dbname='db' host='host' port='12345'"),
        ("postgresql://host/db", "dbname='db' host='host'"),
        (
            "postgresql://uri-user@host:12345/",
            "user='uri-user' host='host' port='12345'",
        ),
        ("postgresql://uri-user@host/", "user='uri-user' host='host'"),
        ("postgresql://uri-user@", "user='uri-user'"),
        ("postgresql://host:12345/", "host='host' port='12345'"),
        ("postgresql://host:12345", "host='host' port='12345'"),
        ("postgresql://host/", "host='host'"),
        ("postgresql://host", "host='host'"),
        ("postgresql://", ""),
        ("postgresql:///db", "dbname='db'"),
        ("postgresql://?hostaddr=127.0.0.1", "hostaddr='127.0.0.1'"),
        (
            "postgresql://example.com?hostaddr=63.1.2.4",
            "host='example.com' hostaddr='63.1.2.4'",
        ),
        ("postgresql://%68ost/", "host='host'"),
        (
            "postgresql://host/db?user=uri-user",
            "user='uri-user' dbname='db' host='host'",
        ),
        (
            "postgresql://host/db?user=uri-user&port=12345",
            "user='uri-user' dbname='db' host='host' port='12345'",
        ),
        (
            "postgresql://host/db?u%73er=someotheruser&port=12345",
            "user='someotheruser' dbname='db' host='host' port='12345'",
        ),
        (
            "postgresql://host:12345?user=uri-user",
            "user='uri-user' host='host' port='12345'",
        ),
        ("postgresql://host?", "host='host'"),
        ("postgresql:///?", ""),
        ("postgresql://[::1]:12345/db", "dbname='db' host='::1' port='12345'"),
        ("postgresql://[2001:db8::1234]/", "host='2001:db8::1234'"),
        ("postgresql://[200z:db8::1234]/", "host='200z:db8::1234'"),
        ("postgresql://[::1]", "host='::1'"),
        ("postgres://", ""),
        ("postgres:///", ""),
        ("postgres://hostname/", "host='hostname'"),
        (
            "postgres://%2Fvar%2Flib%2Fpostgresql/dbname",
            "dbname='dbname' host='/var/lib/postgresql'",
        ),
        (
            "postgres:///db?host=/path/to/socket/dir",
            "dbname='db' host='/path/to/socket/dir'",
        ),
        ("postgres://:12345/db", "dbname='db' port='12345'"),
        ("postgres://h1:1,h2:2/db", "dbname='db' host='h1,h2' port='1,2'"),
        ("postgres://h1,h2:2", "host='h1,h2' port=',2'"),
        ("postgres://u:p%40%2F%3A@h", "user='u' password='p@/:' host='h'"),
        ("postgres://u:a:b?c@h", "user='u' password='a:b?c' host='h'"),
        ("postgres://h/db?ssl=true", "dbname='db' host='h' sslmode='require'"),
    ];

    #[test]
    fn valid_urls_are_taken_apart_as_libpq_does() {
        for (url, expected) in VALID {
            assert_eq!(&shown(url), expected, "{url}");
        }
    }

    #[test]
    fn malformed_urls_are_refused_without_repeating_them() {
        for (url, words) in [
            ("postgres://[::1", "no `]`"),
            ("postgres://[]", "is empty"),
            ("postgres://[::1]z", "after the `]`"),
            ("postgres://host?zzz", "has no `=`"),
            ("postgres://host?value1&value2", "has no `=`"),
            ("postgres://host?key=key=value", "second `=`"),
            (
                "postgres://host/db?u%7aer=someotheruser",
                "doesn't know (setting 1, at byte 19)",
            ),
            ("postgresql://host?uzer=", "doesn't know"),
            ("postgres://host?dbname=%XXfoo", "hexadecimal"),
            ("postgresql://a%00b", "%00"),
            ("postgresql://%zz", "hexadecimal"),
            ("postgresql://%1", "hexadecimal"),
            ("postgresql://%", "hexadecimal"),
            ("postgresql://%+1", "hexadecimal"),
            ("postgresql://%ff", "UTF-8"),
            ("postgresql://%é", "hexadecimal"),
            ("postgres://u:hun@ter2@h/db", "percent-encoded"),
            ("postgres://u:12/ter2@h/db", "percent-encoded"),
            ("postgres://u:hunter/2@h/db", "percent-encoded"),
        ] {
            let error = parse(url).err().unwrap_or_else(|| panic!("{url} was accepted"));
            assert!(error.to_string().contains(words), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("ter2"), "{url}: {error}");
        }
    }
}
