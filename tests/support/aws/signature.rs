//! Signature Version 4, recomputed from what was sent.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use sha2::{Digest as _, Sha256};

use super::http::Request;
use super::{REGION, Refusal};

/// Who may ask.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) session: Option<String>,
}

impl Key {
    /// Of a user.
    pub(crate) fn lasting() -> Key {
        Key { id: "of-a-user".into(), secret: "secret/of+a/user".into(), session: None }
    }

    /// Of a role, as containers have it.
    pub(crate) fn of_session() -> Key {
        let session = Some("session-token/of+a+role==".into());
        Key { id: "of-a-role".into(), secret: "secret/of+a/role".into(), session }
    }
}

pub(super) fn check(request: &Request, keys: &[Key]) -> Result<(), Refusal> {
    let refused = |kind, message: &str| Err(Refusal(400, kind, message.to_owned()));
    let Some(given) = request.header("authorization").and_then(Given::read) else {
        return refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    };
    let Some(key) = keys.iter().find(|key| key.id == given.key) else {
        return refused("UnrecognizedClientException", "The security token included in the request is invalid.");
    };
    if key.session.as_deref() != request.header("x-amz-security-token") {
        return refused("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    let bad = |why: &str| Err(Refusal(400, "InvalidSignatureException", why.to_owned()));
    let date = request.header("x-amz-date").unwrap_or_default();
    if (seconds(date) - super::now()).abs() > 300.0 {
        return bad("Signature expired: the date isn't ours");
    }
    let service = match request.header("x-amz-target").and_then(|target| target.split_once('.')) {
        Some(("secretsmanager", _)) => "secretsmanager",
        Some(("AmazonSSM", _)) => "ssm",
        _ => return refused("UnknownOperationException", ""),
    };
    let scope = format!("{}/{REGION}/{service}/aws4_request", date.get(..8).unwrap_or_default());
    if given.scope != scope {
        return bad(&format!("Credential should be scoped to {scope}"));
    }
    let must = |name: &str| name == "host" || name.starts_with("x-amz-");
    let unsigned = request.headers.iter().find(|(name, _)| must(name) && !given.headers.contains(name));
    if let Some((name, _)) = unsigned {
        return bad(&format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."));
    }
    let canonical = canonical(request, &given.headers);
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let day = &scope.as_bytes()[..8];
    let mut signing = hmac(format!("AWS4{}", key.secret).as_bytes(), day);
    for part in [REGION, service, "aws4_request"] {
        signing = hmac(&signing, part.as_bytes());
    }
    match hex(&hmac(&signing, text.as_bytes())) == given.signature {
        true => Ok(()),
        false => bad(&format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this \
             request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{text}'\n"
        )),
    }
}

/// The body's own hash stands in it, whatever a header says: only S3 takes UNSIGNED-PAYLOAD.
fn canonical(request: &Request, signed: &[String]) -> String {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let header = |name: &String| {
        let value = request.header(name).unwrap_or_default();
        format!("{name}:{}\n", value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let headers: String = signed.iter().map(header).collect();
    let hash = hex(&Sha256::digest(&request.body));
    format!("{}\n{path}\n{query}\n{headers}\n{}\n{hash}", request.method, signed.join(";"))
}

/// The header `Authorization`.
struct Given {
    key: String,
    scope: String,
    headers: Vec<String>,
    signature: String,
}

impl Given {
    fn read(text: &str) -> Option<Given> {
        let mut parts = text.strip_prefix("AWS4-HMAC-SHA256 ")?.split(',').map(str::trim);
        let (key, scope) = parts.next()?.strip_prefix("Credential=")?.split_once('/')?;
        let headers = parts.next()?.strip_prefix("SignedHeaders=")?;
        let signature = parts.next()?.strip_prefix("Signature=")?;
        Some(Given {
            key: key.to_owned(),
            scope: scope.to_owned(),
            headers: headers.split(';').map(str::to_owned).collect(),
            signature: signature.to_owned(),
        })
    }
}

/// RFC 2104, of keys no longer than a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let block = |byte: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ byte).collect() };
    let inner = Sha256::new().chain_update(block(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `20251125T080000Z` in seconds since 1970. <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>
fn seconds(date: &str) -> f64 {
    let number = |from: usize, to: usize| date.get(from..to).and_then(|text| text.parse::<i32>().ok()).unwrap_or(0);
    let (month, day) = (number(4, 6), number(6, 8));
    let year = number(0, 4) - i32::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    f64::from(days) * 86_400.0 + f64::from(number(9, 11) * 3600 + number(11, 13) * 60 + number(13, 15))
}

/// <https://www.rfc-editor.org/rfc/rfc4231#section-4.3>
#[test]
fn the_hash_is_that_of_rfc_4231() {
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(hex(&hmac(b"Jefe", b"what do ya want for nothing?")), expected);
    assert!((seconds("20150830T123600Z") - 1_440_938_160.0).abs() < 0.5);
}
