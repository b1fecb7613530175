//! Where the service is.

use std::net::IpAddr;

use http::Uri;

use super::client::Service;
use super::profile::Profile;
use crate::db::Environment;
use crate::secrets::StoreError;

/// The service in its region.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    pub(super) region: String,
    pub(super) uri: Uri,
}

impl Endpoint {
    /// As AWS's own tools find it: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    pub(super) fn find(service: Service, region: Option<&str>, environment: &Environment) -> Result<Self, StoreError> {
        let profile = Profile::read(environment);
        let of_environment = || environment.var("AWS_REGION").or_else(|| environment.var("AWS_DEFAULT_REGION"));
        let Some(region) = region.or_else(of_environment).or_else(|| profile.get("region")) else {
            let why = "no AWS region is known: set `region` in [secrets], AWS_REGION, or the profile's region";
            return Err(StoreError::Unreachable(why.to_owned()));
        };
        // it becomes part of a host's name
        if region.is_empty() || !region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(StoreError::Unreachable("the AWS region isn't one: expected one like eu-west-1".to_owned()));
        }
        let region = region.to_owned();
        match configured(service, environment) {
            Some((variable, text)) => Ok(Self { region, uri: checked(variable, text)? }),
            None => {
                let host = format!("https://{}.{region}.{}/", service.host(), suffix(&region));
                let uri = host.parse().map_err(|_| StoreError::Unreachable("the AWS region isn't one".to_owned()))?;
                Ok(Self { region, uri })
            }
        }
    }
}

fn configured(service: Service, environment: &Environment) -> Option<(&'static str, &str)> {
    if environment.var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|it| it.eq_ignore_ascii_case("true")) {
        return None;
    }
    [service.endpoint_variable(), "AWS_ENDPOINT_URL"]
        .into_iter()
        .find_map(|variable| environment.var(variable).map(|text| (variable, text)))
}

/// Passwords go there: in the clear only where nobody can listen.
fn checked(variable: &str, text: &str) -> Result<Uri, StoreError> {
    let refused = |why: &str| Err(StoreError::Unreachable(format!("{variable} {why}")));
    let Ok(uri) = text.parse::<Uri>() else { return refused("isn't a URL") };
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) || uri.query().is_some() {
        return refused("must have a host, and neither a user nor a query");
    }
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if is_loopback(&uri) => Ok(uri),
        Some("http") => refused("leads to another machine without TLS: passwords would cross the network in the clear"),
        _ => refused("must begin with https://"),
    }
}

/// Doesn't what is sent there leave this machine?
pub(super) fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The domain of the region's partition.
/// <https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json>
fn suffix(region: &str) -> &'static str {
    const PARTITIONS: &[(&str, &str)] = &[
        ("cn-", "amazonaws.com.cn"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("us-iso-", "c2s.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("eusc-", "amazonaws.eu"),
    ];
    PARTITIONS.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("amazonaws.com", |(_, suffix)| suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(region: Option<&str>, variables: &[(&str, &str)]) -> Result<Endpoint, String> {
        let vars = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let environment = Environment { vars, home: None, os_user: None };
        Endpoint::find(Service::SecretsManager, region, &environment).map_err(|error| error.to_string())
    }

    #[test]
    fn the_region_is_the_layouts_then_the_environments() {
        let both = [("AWS_DEFAULT_REGION", "eu-west-2"), ("AWS_REGION", "cn-north-1")];
        for (region, variables, host) in [
            (Some("eu-west-1"), &both[..], "secretsmanager.eu-west-1.amazonaws.com"),
            (None, &both, "secretsmanager.cn-north-1.amazonaws.com.cn"),
            (None, &both[..1], "secretsmanager.eu-west-2.amazonaws.com"),
        ] {
            let found = find(region, variables).expect("an endpoint");
            assert_eq!((found.uri.host(), found.uri.scheme_str()), (Some(host), Some("https")));
        }
        assert!(find(None, &[]).expect_err("no region").contains("AWS_REGION"));
        assert!(find(Some("x.evil.example/"), &[]).is_err());
    }

    #[test]
    fn the_services_own_endpoint_comes_before_that_of_all() {
        let variables = [
            ("AWS_ENDPOINT_URL", "https://all.example"),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "https://one.example"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ];
        let host =
            |count: usize| find(Some("eu-west-1"), &variables[..count]).expect("one").uri.host().map(str::to_owned);
        assert_eq!(host(1).as_deref(), Some("all.example"));
        assert_eq!(host(2).as_deref(), Some("one.example"));
        assert_eq!(host(3).as_deref(), Some("secretsmanager.eu-west-1.amazonaws.com"));
    }

    #[test]
    fn passwords_cross_no_network_in_the_clear() {
        let find = |url: &str| find(Some("eu-west-1"), &[("AWS_ENDPOINT_URL", url)]);
        for good in ["http://127.0.0.1:4566", "http://localhost:4566/", "http://[::1]:1", "https://vpce.example"] {
            assert!(find(good).is_ok(), "{good}");
        }
        for bad in [
            "http://10.0.0.1",
            "http://localhost.evil.example",
            "ftp://h",
            "h",
            "https://u:hunter2@h",
            "https://h/?x=1",
        ] {
            let error = find(bad).expect_err(bad);
            assert!(error.contains("AWS_ENDPOINT_URL") && !error.contains("hunter2"), "{error}");
        }
    }
}
