//! The few things that we ourselves look for in `~/.aws/config`.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::path::PathBuf;

use super::credentials::read_small;
use crate::db::Environment;

/// The section of the profile that is in use; empty where there is none.
pub(super) struct Profile {
    pub(super) name: String,
    settings: Vec<(String, String)>,
}

impl Profile {
    pub(super) fn read(environment: &Environment) -> Self {
        let name = environment.var("AWS_PROFILE").unwrap_or("default").to_owned();
        let text = file(environment).and_then(|path| read_small(&path).ok()).unwrap_or_default();
        let text = String::from_utf8(text).unwrap_or_default();
        let settings = section(&text, &name);
        Self { name, settings }
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

fn file(environment: &Environment) -> Option<PathBuf> {
    match environment.var("AWS_CONFIG_FILE") {
        Some(path) => match path.strip_prefix("~/") {
            Some(rest) => environment.home.as_ref().map(|home| home.join(rest)),
            None => Some(path.into()),
        },
        None => environment.home.as_ref().map(|home| home.join(".aws/config")),
    }
}

fn section(text: &str, profile: &str) -> Vec<(String, String)> {
    let header = |line: &str| line.strip_prefix('[')?.split(']').next().map(|name| name.trim().to_owned());
    let wanted = |name: &str| {
        let of_profile = name.strip_prefix("profile").map(str::trim_start);
        of_profile == Some(profile) || (profile == "default" && name == "default")
    };
    let mut inside = false;
    let mut settings = Vec::new();
    for line in text.lines() {
        if let Some(name) = header(line) {
            inside = wanted(&name);
        // an indented line belongs to the setting above it
        } else if inside && !line.starts_with([' ', '\t', '#', ';']) {
            let setting = line.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
            settings.extend(setting);
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_found_as_aws_finds_it() {
        let text = "[default]\nregion = eu-west-1\n# region = no\n[profile  shop]\ns3 =\n  region = no\nregion=eu-north-1\n\
                    [profile shop2]\nregion = no\n[services default]\nregion = no\n";
        assert_eq!(section(text, "default"), [("region".into(), "eu-west-1".into())]);
        assert_eq!(section(text, "shop")[1], ("region".into(), "eu-north-1".into()));
        assert!(section(text, "nobody").is_empty());
    }
}
