//! Every keyword that libpq knows, and what becomes of it here.

/// One keyword of a connection string.
pub(super) struct Keyword {
    pub(super) name: &'static str,
    /// The environment variable that gives it when nothing else does.
    pub(super) variable: Option<&'static str>,
    pub(super) support: Support,
}

/// What becomes of a keyword.
pub(super) enum Support {
    /// It is used.
    Used,
    /// It makes no difference to what pgmoat does.
    Harmless,
    /// It would make a difference, so it is refused unless it has one of these values.
    Only(&'static [&'static str], &'static str),
}

use Support::{Harmless, Only, Used};

const fn keyword(name: &'static str, variable: &'static str, support: Support) -> Keyword {
    let variable = if variable.is_empty() { None } else { Some(variable) };
    Keyword { name, variable, support }
}

/// libpq's own list (`PQconninfoOptions` of 18, with those of earlier versions).
pub(super) static KEYWORDS: &[Keyword] = &[
    keyword("service", "PGSERVICE", Used),
    keyword("servicefile", "PGSERVICEFILE", Used),
    keyword("user", "PGUSER", Used),
    keyword("password", "PGPASSWORD", Used),
    keyword("passfile", "PGPASSFILE", Used),
    keyword("channel_binding", "PGCHANNELBINDING", Used),
    keyword("require_auth", "PGREQUIREAUTH", Used),
    keyword("connect_timeout", "PGCONNECT_TIMEOUT", Used),
    keyword("dbname", "PGDATABASE", Used),
    keyword("host", "PGHOST", Used),
    keyword("hostaddr", "PGHOSTADDR", Used),
    keyword("port", "PGPORT", Used),
    keyword("options", "PGOPTIONS", Used),
    keyword("application_name", "PGAPPNAME", Used),
    keyword("fallback_application_name", "", Used),
    keyword("keepalives", "", Used),
    keyword("keepalives_idle", "", Used),
    keyword("keepalives_interval", "", Used),
    keyword("keepalives_count", "", Used),
    keyword("tcp_user_timeout", "", Used),
    keyword("sslmode", "PGSSLMODE", Used),
    keyword("sslnegotiation", "PGSSLNEGOTIATION", Used),
    keyword("sslcert", "PGSSLCERT", Used),
    keyword("sslkey", "PGSSLKEY", Used),
    keyword("sslrootcert", "PGSSLROOTCERT", Used),
    keyword("sslsni", "PGSSLSNI", Used),
    keyword("target_session_attrs", "PGTARGETSESSIONATTRS", Used),
    keyword("client_encoding", "", Harmless), // it is always UTF8
    keyword("sslcompression", "PGSSLCOMPRESSION", Harmless),
    keyword("sslkeylogfile", "", Harmless),
    keyword("load_balance_hosts", "PGLOADBALANCEHOSTS", Harmless),
    keyword("krbsrvname", "PGKRBSRVNAME", Harmless),
    keyword("gsslib", "PGGSSLIB", Harmless),
    keyword("gssdelegation", "PGGSSDELEGATION", Harmless),
    keyword("min_protocol_version", "PGMINPROTOCOLVERSION", Harmless),
    keyword("max_protocol_version", "PGMAXPROTOCOLVERSION", Harmless),
    keyword("oauth_issuer", "", Harmless),
    keyword("oauth_client_id", "", Harmless),
    keyword("oauth_client_secret", "", Harmless),
    keyword("oauth_scope", "", Harmless),
    keyword("tty", "", Harmless),
    keyword("authtype", "", Harmless),
    keyword("gssencmode", "PGGSSENCMODE", Only(&["disable", "prefer"], "GSSAPI encryption isn't supported")),
    keyword("sslcertmode", "PGSSLCERTMODE", Only(&["allow", "disable"], "use sslcert and sslkey")),
    keyword(
        "sslpassword",
        "",
        Only(&[], "an encrypted private key can't be used; decrypt it into a file of mode 0600"),
    ),
    keyword("sslcrl", "PGSSLCRL", Only(&[], "revocation lists aren't supported")),
    keyword("sslcrldir", "PGSSLCRLDIR", Only(&[], "revocation lists aren't supported")),
    keyword("requirepeer", "PGREQUIREPEER", Only(&[], "the owner of a server's socket can't be checked")),
    keyword("requiressl", "PGREQUIRESSL", Only(&["0"], "use sslmode")),
    keyword(
        "ssl_min_protocol_version",
        "PGSSLMINPROTOCOLVERSION",
        Only(&["TLSv1", "TLSv1.1", "TLSv1.2"], "TLS 1.2 and 1.3 are offered"),
    ),
    keyword("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", Only(&["TLSv1.3"], "TLS 1.2 and 1.3 are offered")),
    keyword("replication", "", Only(&["false", "off", "no", "0"], "pgmoat needs an ordinary connection")),
    keyword("scram_client_key", "", Only(&[], "give the password itself")),
    keyword("scram_server_key", "", Only(&[], "give the password itself")),
];

/// The keyword of that name, exactly as libpq compares: case matters.
pub(super) fn find(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.name == name)
}
