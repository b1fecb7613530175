//! As much of XML as says whether a text is well-formed, and what is in it.

/// An element: its name, its attributes, and how deep it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) depth: usize,
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        &found.unwrap_or_else(|| panic!("{} has no {name}", self.name)).1
    }

    pub(super) fn number(&self, name: &str) -> usize {
        self.attribute(name).parse().expect("a number")
    }
}

/// All elements in their order; ends the test where the text isn't well-formed.
#[track_caller]
pub(super) fn elements(text: &str) -> Vec<Element> {
    let text = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    assert!(text.chars().all(|c| c == '\n' || c >= ' '), "a character that XML doesn't have");
    let (mut open, mut all) = (Vec::new(), Vec::new());
    let mut parts = text.split('<');
    assert_eq!(parts.next(), Some(""), "text before the root");
    for part in parts {
        let (tag, content) = part.split_once('>').expect("a tag ends");
        assert!(!content.contains('>'), "a bare > in {content}");
        entities(content);
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "another element ends");
        } else {
            let (body, closes) = tag.strip_suffix('/').map_or((tag, false), |body| (body, true));
            let (name, rest) = body.split_once(' ').unwrap_or((body, ""));
            all.push(Element { depth: open.len(), name: name.into(), attributes: attributes(rest) });
            if !closes {
                open.push(name);
            }
        }
        assert!(!open.is_empty() || content.trim().is_empty(), "text outside the root");
    }
    assert_eq!(open, Vec::<&str>::new(), "never ends");
    assert_eq!(all.iter().filter(|element| element.depth == 0).count(), 1, "one root");
    all
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").expect("a quoted value");
        let (value, after) = after.split_once('"').expect("a closing quote");
        assert!(name.chars().all(|c| c.is_ascii_lowercase()), "{name}");
        assert!(all.iter().all(|(known, _)| known != name), "{name} twice");
        all.push((name.into(), entities(value)));
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    all
}

/// With its entities resolved.
fn entities(text: &str) -> String {
    let mut parts = text.split('&');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (entity, rest) = part.split_once(';').expect("an entity ends");
        let known = [("amp", "&"), ("lt", "<"), ("gt", ">"), ("quot", "\""), ("#10", "\n"), ("#9", "\t")];
        let (_, c) = known.iter().find(|(name, _)| *name == entity).unwrap_or_else(|| panic!("&{entity};"));
        text + c + rest
    })
}

#[test]
#[should_panic(expected = "another element ends")]
fn it_can_fail() {
    let _ = elements("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a><b></a></b>");
}
