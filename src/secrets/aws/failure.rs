//! Why a call came to nothing, in words that hold no secret.

use serde_json::Value;

use crate::secrets::StoreError;

/// What a failed call says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// AWS's name of the error, such as `ResourceNotFoundException`; None when AWS said nothing.
    pub(super) kind: Option<String>,
    message: String,
    pub(super) effect: Effect,
}

/// What has become of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It was refused, and would be again.
    Refused,
    /// It wasn't looked at: too many came at once.
    Deferred,
    /// Nobody knows whether it had an effect.
    Unknown,
}

/// What AWS's messages are searched for: they like to repeat what they don't like, and one about a signature holds the
/// whole request's headers.
pub(super) struct Unspeakable(pub(super) Vec<String>);

const DEFERRED: &[&str] = &[
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "TooManyUpdates",
    "SlowDown",
];

impl Failure {
    /// Nobody answered, or what answered isn't AWS.
    pub(super) fn unanswered(message: String) -> Self {
        Self { kind: None, message, effect: Effect::Unknown }
    }

    /// The request was never sent.
    pub(super) fn unsent(message: String) -> Self {
        Self { kind: None, message, effect: Effect::Refused }
    }

    /// AWS's answer, other than 200.
    pub(super) fn answered(status: u16, body: &[u8], unspeakable: &Unspeakable) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        // some services write a namespace before it, and a URL after it
        let kind = text("__type").map(|kind| kind.rsplit('#').next().unwrap_or(kind));
        let kind = kind.map(|kind| kind.split(':').next().unwrap_or(kind).to_owned());
        let Some(kind) = kind.filter(|kind| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        else {
            let effect = if status >= 500 { Effect::Unknown } else { Effect::Refused };
            return Self { kind: None, message: format!("it answers with HTTP {status}"), effect };
        };
        let effect = match kind.as_str() {
            kind if DEFERRED.contains(&kind) => Effect::Deferred,
            "InternalServiceError" | "InternalServerError" | "InternalFailure" => Effect::Unknown,
            _ if status == 429 => Effect::Deferred,
            _ if status >= 500 => Effect::Unknown,
            _ => Effect::Refused,
        };
        let message = text("message").or_else(|| text("Message")).unwrap_or_default();
        Self { message: unspeakable.spoken(message), kind: Some(kind), effect }
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }

    /// What the store's users see.
    pub(super) fn of(self, action: &'static str, name: &str) -> StoreError {
        match self.kind {
            None => StoreError::Unreachable(self.message),
            Some(kind) if self.message.is_empty() => {
                StoreError::Refused { action, name: name.to_owned(), reason: kind }
            }
            Some(kind) => {
                StoreError::Refused { action, name: name.to_owned(), reason: format!("{} ({kind})", self.message) }
            }
        }
    }
}

/// So much of a secret is none: the name of a host may have as many letters in common with a password.
const WINDOW: usize = 8;

impl Unspeakable {
    /// The message's first line, unless it holds a piece of what must not be shown.
    fn spoken(&self, message: &str) -> String {
        let line = message.lines().next().unwrap_or_default();
        if self.0.iter().any(|secret| shares_a_piece(line, secret)) {
            return "AWS's words are withheld, since they repeat what must not be shown".to_owned();
        }
        line.chars().filter(|c| !c.is_control()).take(400).collect()
    }
}

fn shares_a_piece(line: &str, secret: &str) -> bool {
    let (line, secret) = (line.as_bytes(), secret.as_bytes());
    let length = WINDOW.min(secret.len());
    length > 0 && secret.windows(length).any(|piece| line.windows(length).any(|part| part == piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str, secrets: &[&str]) -> Failure {
        let unspeakable = Unspeakable(secrets.iter().map(|secret| (*secret).to_owned()).collect());
        Failure::answered(status, body.as_bytes(), &unspeakable)
    }

    #[test]
    fn a_message_that_repeats_the_value_is_withheld() {
        let body =
            r#"{"__type":"ValidationException","message":"Value 'postgresql://app:tr0ub4dor&3-correct…' is bad"}"#;
        let shown = answered(400, body, &["tr0ub4dor&3-correct-horse"]).of("the writing", "a");
        assert!(!shown.to_string().contains("tr0ub4dor"), "{shown}");
        assert!(shown.to_string().contains("ValidationException"), "{shown}");
        let harmless =
            answered(400, r#"{"__type":"AccessDeniedException","Message":"no identity-based policy"}"#, &["pw"]);
        assert!(harmless.of("the reading", "a").to_string().contains("no identity-based policy"));
    }

    #[test]
    fn of_a_signature_nothing_but_the_first_line_is_shown() {
        let body = r#"{"__type":"InvalidSignatureException","message":"It does not match.\n\nThe Canonical String was 'x-amz-security-token:hunter2'"}"#;
        let shown = answered(403, body, &[]).of("the reading", "a").to_string();
        assert!(shown.contains("It does not match.") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_may_be_tried_again_is_known_by_its_name() {
        let of = |status, kind: &str| answered(status, &format!(r#"{{"__type":"com.amazonaws#{kind}"}}"#), &[]).effect;
        assert_eq!(of(400, "ThrottlingException"), Effect::Deferred);
        assert_eq!(of(500, "InternalServiceError"), Effect::Unknown);
        assert_eq!(of(400, "InternalServerError"), Effect::Unknown);
        assert_eq!(of(400, "ResourceNotFoundException"), Effect::Refused);
        assert_eq!(answered(502, "<html>", &[]).effect, Effect::Unknown);
        assert_eq!(
            answered(302, "", &[]),
            Failure { kind: None, message: "it answers with HTTP 302".into(), effect: Effect::Refused }
        );
    }
}
