//! A small reader over spanned TOML: typed values, the keys that nobody asked for, and a place for each problem.
//! A value that can't be read is reported and left out; the caller goes on, so that all problems are found at once.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{At, Problem};
use crate::model::Day;

/// How many bytes of candidates may be compared for "did you mean": enough for every honest mistake, and a
/// bound for a huge file in which every line is wrong.
const COMPARISONS: usize = 4_000_000;

/// Something read, with its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) it: T,
    pub(super) at: At,
}

/// Collects the problems while a layout is read.
pub(super) struct Sink<'a> {
    /// `--env`.
    pub(super) env: Option<&'a str>,
    problems: RefCell<Vec<Problem>>,
    comparisons: Cell<usize>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(env: Option<&'a str>) -> Self {
        Self { env, problems: RefCell::default(), comparisons: Cell::new(COMPARISONS) }
    }

    pub(super) fn push(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// A problem whose label says everything.
    pub(super) fn report(&self, code: &'static str, at: &At, message: String, label: impl Into<String>) {
        self.push(Problem { code, message, at: at.clone(), label: label.into(), also: None, help: None });
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// The candidate that a misspelt word most likely means.
    pub(super) fn nearest<'c>(&self, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        let word = word.to_lowercase();
        let allowed = (word.chars().count() / 3).clamp(1, 4);
        let mut best: Option<(usize, &str)> = None;
        for candidate in candidates {
            let left = self.comparisons.get().checked_sub(candidate.len() + 8)?;
            self.comparisons.set(left);
            if candidate.len().abs_diff(word.len()) > 4 * allowed {
                continue;
            }
            let distance = strsim::osa_distance(&word, &candidate.to_lowercase());
            if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// "did you mean …", or what else there is.
    pub(super) fn suggest<'c>(&self, word: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> String {
        if let Some(near) = self.nearest(word, candidates.clone()) {
            return format!("did you mean `{near}`?");
        }
        match either(candidates) {
            list if list.is_empty() => "there is none".to_owned(),
            list => format!("expected {list}"),
        }
    }
}

/// "`a`, `b` or `c`", and not more than help a reader.
fn either<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    let mut words = words.into_iter();
    let mut shown: Vec<String> = words.by_ref().take(SHOWN).map(|word| format!("`{word}`")).collect();
    if words.next().is_some() {
        return format!("one of {}, …", shown.join(", "));
    }
    match shown.pop() {
        Some(last) if !shown.is_empty() => format!("{} or {last}", shown.join(", ")),
        only => only.unwrap_or_default(),
    }
}

/// More alternatives than this don't help a reader.
const SHOWN: usize = 16;

/// A TOML value with what a message needs to speak of it.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) sink: &'a Sink<'a>,
    file: usize,
    /// The key that it belongs to; for an element of an array, the array's.
    key: &'a str,
    key_bytes: (usize, usize),
    element: bool,
    spanned: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    pub(super) fn at(&self) -> At {
        At { file: self.file, bytes: self.spanned.span() }
    }

    /// The place of the key, for what has no better place of its own.
    pub(super) fn key_at(&self) -> At {
        At { file: self.file, bytes: self.key_bytes.0..self.key_bytes.1 }
    }

    pub(super) fn raw(&self) -> &'a DeValue<'a> {
        self.spanned.get_ref()
    }

    /// Reports that the value has another type than `expected`.
    pub(super) fn wrong_type(&self, expected: &str) {
        let subject = if self.element { format!("every element of `{}`", self.key) } else { format!("`{}`", self.key) };
        let found = match self.raw() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let message = format!("{subject} must be {expected}, not {found}");
        self.sink.report("wrong-type", &self.at(), message, format!("expected {expected}"));
    }

    pub(super) fn string(self) -> Option<Placed<String>> {
        let DeValue::String(text) = self.raw() else {
            self.wrong_type("a string");
            return None;
        };
        Some(Placed { it: text.to_string(), at: self.at() })
    }

    pub(super) fn boolean(self) -> Option<bool> {
        let DeValue::Boolean(value) = self.raw() else {
            self.wrong_type("true or false");
            return None;
        };
        Some(*value)
    }

    /// A day, without a time.
    pub(super) fn day(self) -> Option<Placed<Day>> {
        let found = if let DeValue::Datetime(it) = self.raw() { Some(it) } else { None };
        let Some((Some(date), None, None)) = found.map(|it| (it.date, it.time, it.offset)) else {
            self.wrong_type("a date, as in 2027-03-31");
            return None;
        };
        Some(Placed { it: Day { year: date.year, month: date.month, day: date.day }, at: self.at() })
    }

    pub(super) fn list(self) -> Option<Vec<Value<'a>>> {
        let DeValue::Array(array) = self.raw() else {
            self.wrong_type("an array");
            return None;
        };
        Some(array.iter().map(|spanned| Value { element: true, spanned, ..self }).collect())
    }

    /// An array of strings, without the elements that are none.
    pub(super) fn strings(self) -> Vec<Placed<String>> {
        let DeValue::Array(_) = self.raw() else {
            self.wrong_type("an array of strings");
            return Vec::new();
        };
        self.list().into_iter().flatten().filter_map(Value::string).collect()
    }

    /// `what` names the table in messages: `[service.orders]`.
    pub(super) fn table(self, what: String) -> Option<Table<'a>> {
        let DeValue::Table(table) = self.raw() else {
            self.wrong_type("a table");
            return None;
        };
        let at = if self.element { self.at() } else { self.key_at() };
        Some(Table { sink: self.sink, file: self.file, table, at, what, asked: Vec::new() })
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(self, words: &[(&str, T)]) -> Option<T> {
        let DeValue::String(_) = self.raw() else {
            self.wrong_type(&either(words.iter().map(|(word, _)| *word)));
            return None;
        };
        let text = self.string()?;
        let found = words.iter().find(|(word, _)| *word == text.it);
        if found.is_none() {
            let label = self.sink.suggest(&text.it, words.iter().map(|(word, _)| *word));
            let message = format!("`{}` can't be `{}`", self.key, text.it);
            let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let help = label.starts_with("did you").then(|| format!("expected one of {}", all.join(", ")));
            self.sink.push(Problem { code: "unknown-value", message, at: text.at, label, also: None, help });
        }
        found.map(|(_, value)| *value)
    }
}

/// A TOML table that is being read.
pub(super) struct Table<'a> {
    pub(super) sink: &'a Sink<'a>,
    file: usize,
    table: &'a DeTable<'a>,
    pub(super) at: At,
    what: String,
    asked: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// The whole of a file.
    pub(super) fn root(sink: &'a Sink<'a>, file: usize, table: &'a DeTable<'a>) -> Self {
        Self { sink, file, table, at: At { file, bytes: 0..0 }, what: "a layout".to_owned(), asked: Vec::new() }
    }

    /// The value of a key, which is a known one from now on.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.asked.push(key);
        let (key, value) = self.table.get_key_value(key)?;
        Some(self.value(key.get_ref(), key.span(), value))
    }

    /// Likewise, of a key that must be there.
    pub(super) fn need(&mut self, key: &'static str, why: &str) -> Option<Value<'a>> {
        let value = self.get(key);
        if value.is_none() {
            let message = format!("{} needs the key `{key}`", self.what);
            self.sink.report("missing-key", &self.at, message, why);
        }
        value
    }

    /// As messages name it.
    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// Every key with its value: for tables whose keys are names.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Placed<String>, Value<'a>)> {
        self.table.iter().map(|(key, value)| {
            let placed = Placed { it: key.get_ref().to_string(), at: At { file: self.file, bytes: key.span() } };
            (placed, self.value(key.get_ref(), key.span(), value))
        })
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table.iter().filter(|(key, _)| !self.asked.contains(&key.get_ref().as_ref())) {
            let at = At { file: self.file, bytes: key.span() };
            let message = format!("{} has no key `{}`", self.what, key.get_ref());
            let label = self.sink.suggest(key.get_ref(), self.asked.iter().copied());
            self.sink.report("unknown-key", &at, message, label);
        }
    }

    fn value(&self, key: &'a str, span: Range<usize>, spanned: &'a Spanned<DeValue<'a>>) -> Value<'a> {
        let key_bytes = (span.start, span.end);
        Value { sink: self.sink, file: self.file, key, key_bytes, element: false, spanned }
    }
}

/// `service.orders`, with quotes around what TOML wouldn't take bare.
pub(super) fn path(keys: &[&str]) -> String {
    let bare = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let shown: Vec<String> =
        keys.iter().map(|key| if bare(key) { (*key).to_owned() } else { format!("{key:?}") }).collect();
    shown.join(".")
}
