//! What the store holds for a login: all that a client needs to connect.

use serde_json::{Map, Value};

use super::{ExposeSecret, SecretString};

/// An entry. Its Debug shows no password.
///
/// The keys are those of AWS's own rotation, case and all, and `url` besides:
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html>
#[derive(Debug, Clone)]
pub struct Entry {
    pub engine: String,
    /// A name, an address, or the folder of a socket.
    pub host: String,
    pub port: u16,
    pub dbname: String,
    pub username: String,
    pub password: SecretString,
    /// libpq's word; None for a socket.
    pub sslmode: Option<String>,
}

/// Why a text isn't an entry. Says nothing of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("it isn't JSON")]
    NotJson,
    #[error("it isn't a PostgreSQL URL")]
    NotUrl,
    #[error("its `{0}` is missing, or of another type")]
    Missing(&'static str),
}

impl Entry {
    /// What a client uses as it is.
    #[must_use]
    pub fn url(&self) -> SecretString {
        let (user, password) = (encoded(&self.username), encoded(self.password.expose_secret()));
        let dbname = encoded(&self.dbname);
        let sslmode = self.sslmode.as_ref().map(|mode| format!("sslmode={mode}"));
        let url = if self.host.starts_with('/') {
            let host = format!("host={}&port={}", encoded(&self.host), self.port);
            let query = [Some(host), sslmode].into_iter().flatten().collect::<Vec<_>>().join("&");
            format!("postgresql://{user}:{password}@/{dbname}?{query}")
        } else {
            let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
            let query = sslmode.map_or_else(String::new, |mode| format!("?{mode}"));
            format!("postgresql://{user}:{password}@{host}:{}/{dbname}{query}", self.port)
        };
        url.into()
    }

    /// One flat object, as AWS's clients read it.
    #[must_use]
    pub fn to_json(&self) -> SecretString {
        let mut object = Map::new();
        let mut put = |key: &str, value: &str| object.insert(key.to_owned(), Value::from(value)).is_none();
        put("engine", &self.engine);
        put("host", &self.host);
        put("dbname", &self.dbname);
        put("username", &self.username);
        put("password", self.password.expose_secret());
        put("url", self.url().expose_secret());
        if let Some(mode) = &self.sslmode {
            put("sslmode", mode);
        }
        object.insert("port".to_owned(), Value::from(self.port));
        Value::Object(object).to_string().into()
    }

    /// Reads [`Entry::to_json`], or what another tool wrote in that form.
    ///
    /// # Errors
    /// Which key is missing; never what stands there.
    pub fn from_json(text: &SecretString) -> Result<Self, EntryError> {
        let value: Value = serde_json::from_str(text.expose_secret()).map_err(|_| EntryError::NotJson)?;
        let word = |key: &'static str| value.get(key).and_then(Value::as_str).ok_or(EntryError::Missing(key));
        let number = value.get("port").map(|port| match port {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64().and_then(|port| u16::try_from(port).ok()),
        });
        Ok(Self {
            engine: word("engine").unwrap_or("postgres").to_owned(),
            host: word("host")?.to_owned(),
            port: number.unwrap_or(Some(5432)).ok_or(EntryError::Missing("port"))?,
            dbname: word("dbname").unwrap_or("postgres").to_owned(),
            username: word("username")?.to_owned(),
            password: word("password")?.to_owned().into(),
            sslmode: word("sslmode").ok().map(str::to_owned),
        })
    }

    /// Reads [`Entry::url`] of an entry with this engine.
    ///
    /// # Errors
    /// When it has another form; never what stands there.
    pub fn from_url(text: &SecretString, engine: &str) -> Result<Self, EntryError> {
        let text = text.expose_secret();
        let rest = text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://"));
        let (people, rest) = rest.and_then(|rest| rest.split_once('@')).ok_or(EntryError::NotUrl)?;
        let (user, password) = people.split_once(':').ok_or(EntryError::Missing("password"))?;
        let (place, rest) = rest.split_once('/').ok_or(EntryError::Missing("dbname"))?;
        let (dbname, query) = rest.split_once('?').unwrap_or((rest, ""));
        let asked = |key: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))?;
            decoded(value)
        };
        let (host, port) = match place {
            "" => (asked("host").ok_or(EntryError::Missing("host"))?, asked("port").unwrap_or_default()),
            place => {
                let after_bracket = place.rfind(']').unwrap_or(0);
                match place[after_bracket..].rfind(':') {
                    None => (place.to_owned(), String::new()),
                    Some(colon) => {
                        (place[..after_bracket + colon].to_owned(), place[after_bracket + colon + 1..].to_owned())
                    }
                }
            }
        };
        let port = if port.is_empty() { Some(5432) } else { port.parse().ok() };
        let part = |text: &str| decoded(text).ok_or(EntryError::NotUrl);
        Ok(Self {
            engine: engine.to_owned(),
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: port.ok_or(EntryError::Missing("port"))?,
            dbname: part(dbname)?,
            username: part(user)?,
            password: part(password)?.into(),
            sslmode: asked("sslmode"),
        })
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    out
}

fn hex(digit: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(digit & 15)])
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(host: &str, username: &str) -> Entry {
        Entry {
            engine: "postgres".into(),
            host: host.into(),
            port: 5433,
            dbname: "Ord ers/ü".into(),
            username: username.into(),
            password: "p@ss:w/rd%?&".to_owned().into(),
            sslmode: Some("verify-full".into()),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for host in ["db.example.com", "/var/run/post gresql", "::1"] {
            let entry = entry(host, "or:ders\"@ app");
            for read in [Entry::from_json(&entry.to_json()), Entry::from_url(&entry.url(), "postgres")] {
                let read = read.expect("an entry");
                let place = |entry: &Entry| (entry.host.clone(), entry.port, entry.dbname.clone());
                assert_eq!(place(&read), place(&entry));
                assert_eq!(read.username, entry.username);
                assert_eq!(read.password.expose_secret(), entry.password.expose_secret());
                assert_eq!(read.sslmode, entry.sslmode);
            }
        }
    }

    #[test]
    fn libpq_reads_the_url() {
        let url = entry("db.example.com", "app").url();
        let expected =
            "postgresql://app:p%40ss%3Aw%2Frd%25%3F%26@db.example.com:5433/Ord%20ers%2F%C3%BC?sslmode=verify-full";
        assert_eq!(url.expose_secret(), expected);
    }

    #[test]
    fn what_is_no_entry_is_refused_without_its_words() {
        for bad in ["hunter2", "{\"password\": 5}", "[]", "{\"host\":\"h\",\"username\":\"hunter2\"}"] {
            let error = Entry::from_json(&bad.to_owned().into()).expect_err(bad);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        for bad in ["hunter2", "postgresql://hunter2@h/db", "postgresql://u:hunter2@h", "postgresql://u:p@h:x/hunter2"]
        {
            let error = Entry::from_url(&bad.to_owned().into(), "postgres").expect_err(bad);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert!(!format!("{:?}", entry("h", "u")).contains("p@ss"));
    }
}
