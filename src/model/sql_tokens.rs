//! The tokens of SQL text, as far as names and texts are concerned.
//! <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>

/// What can hold a hidden character in SQL text.
#[derive(Clone, Copy)]
pub(super) enum Token<'a> {
    /// `"…"`: what is between the quotes.
    Identifier(&'a str),
    /// `'…'`
    Literal(&'a str),
    /// `E'…'`
    EscapeLiteral(&'a str),
    /// `U&"…"` or `U&'…'`, which need `\XXXX` for what is hidden.
    Unicode,
    /// `$tag$…$tag$`
    Dollar(&'a str),
    /// `-- …` to the end of the line, or `/* … */`
    Comment,
}

/// Returns the text piece by piece: tokens, and single characters between them; each with what follows it.
pub(super) fn tokens(sql: &str) -> impl Iterator<Item = (Option<Token<'_>>, &str, &str)> {
    let mut rest = sql;
    let mut in_word = false;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let token = if in_word { None } else { Token::first_of(rest) };
        let (text, after) = rest.split_at(token.map_or(first.len_utf8(), |(_, length)| length));
        // a quote that follows a word at once begins a token of its own, and a dollar in a word begins none
        in_word = token.is_none() && is_word(first) && !after.starts_with(['"', '\'']);
        rest = after;
        Some((token.map(|(token, _)| token), text, after))
    })
}

pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

impl<'a> Token<'a> {
    /// Returns the token that the text begins with, and its length in bytes.
    fn first_of(text: &'a str) -> Option<(Self, usize)> {
        let mut chars = text.chars();
        match (chars.next()?, chars.next()) {
            ('"', _) => quoted(text, 1, '"', false).map(|(body, length)| (Self::Identifier(body), length)),
            ('\'', _) => quoted(text, 1, '\'', false).map(|(body, length)| (Self::Literal(body), length)),
            ('e' | 'E', Some('\'')) => {
                quoted(text, 2, '\'', true).map(|(body, length)| (Self::EscapeLiteral(body), length))
            }
            ('u' | 'U', Some('&')) => {
                let quote = chars.next().filter(|quote| matches!(quote, '"' | '\''))?;
                quoted(text, 3, quote, false).map(|(_, length)| (Self::Unicode, length))
            }
            ('$', _) => dollar(text),
            ('-', Some('-')) => Some((Self::Comment, text.find('\n').unwrap_or(text.len()))),
            ('/', Some('*')) => Some((Self::Comment, text.find("*/").map_or(text.len(), |end| end + 2))),
            _ => None,
        }
    }
}

/// Returns what is between the quote at `start - 1` and the one that ends it, and the length of it all.
fn quoted(text: &str, start: usize, quote: char, backslashes: bool) -> Option<(&str, usize)> {
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && backslashes {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some((&text[start..start + at], start + at + 1));
        }
    }
    None
}

fn dollar(text: &str) -> Option<(Token<'_>, usize)> {
    let tag = text[1..].find('$').map(|end| &text[..end + 2])?;
    let is_tag = tag[1..tag.len() - 1].chars().all(|c| c != '$' && is_word(c))
        && !tag[1..].starts_with(|c: char| c.is_ascii_digit());
    let body = &text[tag.len()..];
    let end = body.find(tag).filter(|_| is_tag)?;
    Some((Token::Dollar(&body[..end]), tag.len() * 2 + end))
}
