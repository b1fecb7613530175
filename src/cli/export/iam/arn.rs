//! ARNs, and patterns for them.

use super::Partition;
use crate::model::Name;

/// Where everything is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) partition: Partition,
    pub(super) region: String,
    pub(super) account: String,
}

impl Place {
    fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{rest}", self.partition.word(), self.region, self.account)
    }

    /// One secret, also before it exists: AWS adds a hyphen and six characters, and what they are is known only then.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html>
    pub(super) fn secret(&self, name: &str) -> String {
        self.arn("secretsmanager", &format!("secret:{}-??????", literal(name)))
    }

    /// One parameter; the slash at the beginning of its name isn't doubled.
    pub(super) fn parameter(&self, name: &str) -> String {
        self.arn("ssm", &format!("parameter/{}", literal(name.trim_start_matches('/'))))
    }

    pub(super) fn key(&self, id: &str) -> String {
        self.arn("kms", &format!("key/{id}"))
    }

    /// A role of PostgreSQL; capitals make a difference.
    pub(super) fn dbuser(&self, resource: &str, role: &Name) -> String {
        self.arn("rds-db", &format!("dbuser:{resource}/{}", literal(role.as_str())))
    }

    /// As KMS knows a service that asks on somebody's behalf.
    /// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service>
    pub(super) fn via(&self, service: &str) -> String {
        format!("{service}.{}.{}", self.region, self.partition.domain())
    }
}

/// How a partition's regions begin, how its ARNs do, and its domain. The first that fits counts.
/// <https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>
const PARTITIONS: &[(Partition, &str, &str, &str)] = &[
    (Partition::AwsCn, "cn-", "aws-cn", "amazonaws.com.cn"),
    (Partition::AwsUsGov, "us-gov-", "aws-us-gov", "amazonaws.com"),
    (Partition::AwsIso, "us-iso-", "aws-iso", "c2s.ic.gov"),
    (Partition::AwsIsoB, "us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    (Partition::AwsIsoE, "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    (Partition::AwsIsoF, "us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    (Partition::AwsEusc, "eusc-", "aws-eusc", "amazonaws.eu"),
    (Partition::Aws, "", "aws", "amazonaws.com"),
];

impl Partition {
    /// A region's.
    pub(super) fn of(region: &str) -> Self {
        PARTITIONS.iter().find(|(_, prefix, ..)| region.starts_with(prefix)).map_or(Self::Aws, |(one, ..)| *one)
    }

    fn word(self) -> &'static str {
        PARTITIONS.iter().find(|(one, ..)| *one == self).map_or("aws", |(_, _, word, _)| word)
    }

    fn domain(self) -> &'static str {
        PARTITIONS.iter().find(|(one, ..)| *one == self).map_or("amazonaws.com", |(.., domain)| domain)
    }
}

/// What would be a wildcard or a variable in a pattern stands for itself. A name of either store holds none of these
/// characters, but a role's name may.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars>
pub(super) fn literal(text: &str) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '$');
    text.chars().map(|c| if special(c) { format!("${{{c}}}") } else { c.to_string() }).collect()
}

pub(in super::super) fn account(text: &str) -> Result<String, String> {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(text.to_owned()) } else { Err("an account has 12 digits".to_owned()) }
}

pub(in super::super) fn region(text: &str) -> Result<String, String> {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = text.contains('-') && text.bytes().all(letters);
    if fits { Ok(text.to_owned()) } else { Err("expected a region, for instance eu-central-1".to_owned()) }
}

pub(super) fn resource_id(text: &str) -> Result<String, String> {
    let known =
        ["cluster-", "db-", "prx-"].iter().any(|prefix| text.strip_prefix(prefix).is_some_and(|id| !id.is_empty()));
    let fits = known && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(text.to_owned()) } else { Err("expected cluster-…, db-… or prx-…, and not a name".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_its_partition() {
        for (region, word) in [
            ("eu-central-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Partition::of(region).word(), word);
        }
    }

    #[test]
    fn what_means_something_is_taken_literally() {
        assert_eq!(literal("a*b?c${d}"), "a${*}b${?}c${$}{d}");
    }

    /// As IAM matches a pattern without variables.
    fn matches(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
            ([b'?', rest @ ..], [_, after @ ..]) => matches(rest, after),
            ([one, rest @ ..], [other, after @ ..]) => one == other && matches(rest, after),
            _ => false,
        }
    }

    #[test]
    fn a_pattern_is_one_secret_and_no_neighbour() {
        let place = Place { partition: Partition::Aws, region: "eu-central-1".into(), account: "111122223333".into() };
        let names = [
            "billing",
            "billing-admin",
            "billing-",
            "billing-abcde",
            "billing-abcdefg",
            "billing/app",
            "billin",
            "Billing",
        ];
        let arn = |name: &str| place.arn("secretsmanager", &format!("secret:{name}-A1b2C3"));
        for name in names {
            for other in names {
                assert_eq!(
                    matches(place.secret(name).as_bytes(), arn(other).as_bytes()),
                    name == other,
                    "{name}, {other}"
                );
            }
        }
        assert!(matches(b"billing-*", b"billing-admin-A1b2C3"), "the matcher can find a breach");
    }
}
