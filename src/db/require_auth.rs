//! `require_auth`: the ways in which a server may ask who we are, as libpq has them.
//! <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-REQUIRE-AUTH>

/// One way of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// The server asks for nothing: `trust`, `peer`, a client certificate.
    None,
    /// The password itself.
    Password,
    Md5,
    Gss,
    Sspi,
    Scram,
    Oauth,
}

/// Each with libpq's word.
const METHODS: [(&str, Method); 7] = [
    ("none", Method::None),
    ("password", Method::Password),
    ("md5", Method::Md5),
    ("gss", Method::Gss),
    ("sspi", Method::Sspi),
    ("scram-sha-256", Method::Scram),
    ("oauth", Method::Oauth),
];

/// A set of ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Methods(u8);

impl Method {
    /// Returns what the server wants, for people.
    pub(super) fn asks_for(self) -> &'static str {
        match self {
            Method::None => "no authentication",
            Method::Password => "the password in clear text",
            Method::Md5 => "an MD5 hash of the password",
            Method::Gss => "GSSAPI authentication",
            Method::Sspi => "SSPI authentication",
            Method::Scram => "SCRAM-SHA-256",
            Method::Oauth => "an OAuth token",
        }
    }

    /// Whether the server, or whoever reads what it hears, gets something by which to log in: the password, or a hash
    /// that is as good, and is guessed in no time.
    pub(super) fn gives_away(self) -> bool {
        matches!(self, Method::Password | Method::Md5)
    }
}

impl Methods {
    pub(super) const ALL: Methods = Methods(u8::MAX);

    pub(super) const fn of(methods: &[Method]) -> Methods {
        let (mut bits, mut index) = (0, 0);
        while index < methods.len() {
            bits |= 1 << methods[index] as u8;
            index += 1;
        }
        Methods(bits)
    }

    pub(super) const fn without(methods: &[Method]) -> Methods {
        Methods(!Methods::of(methods).0)
    }

    pub(super) const fn has(self, method: Method) -> bool {
        self.0 & (1 << method as u8) != 0
    }

    /// Reads libpq's list: words, or words that each begin with `!`. `None` where libpq refuses it.
    pub(super) fn parse(text: &str) -> Option<Methods> {
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        let negated = words.first()?.starts_with('!');
        let mut bits = 0;
        for word in words {
            let word = if negated { word.strip_prefix('!')? } else { word };
            let (_, method) = METHODS.iter().find(|(known, _)| *known == word)?;
            let bit = 1 << *method as u8;
            if bits & bit != 0 {
                return None;
            }
            bits |= bit;
        }
        Some(Methods(if negated { !bits } else { bits }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_libpqs() {
        let only = |methods: &[Method]| Some(Methods::of(methods));
        assert_eq!(Methods::parse("scram-sha-256"), only(&[Method::Scram]));
        assert_eq!(Methods::parse("md5,password"), only(&[Method::Password, Method::Md5]));
        let negated = Methods::parse("!password,!md5").expect("a list");
        for (_, method) in METHODS {
            assert_eq!(negated.has(method), !method.gives_away(), "{method:?}");
        }
        for bad in ["", "md5,", "md5,!password", "!md5,password", "md5,md5", "!md5,!md5", "SCRAM-SHA-256", "!", "!!md5"]
        {
            assert_eq!(Methods::parse(bad), None, "{bad}");
        }
    }
}
