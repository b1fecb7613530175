//! As much of HTTP/1.1 as a client of AWS uses.

use std::io::{self, Write as _};
use std::net::TcpStream;

use serde_json::Value;

pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// None at the connection's end.
pub(crate) fn read(stream: &mut TcpStream) -> Option<Request> {
    let (bytes, head) = message(stream)?;
    let text = String::from_utf8(bytes[..head].to_vec()).expect("a head in UTF-8");
    let mut first = text.split("\r\n").next().unwrap_or_default().split(' ').map(str::to_owned);
    let (method, target) = (first.next()?, first.next()?);
    Some(Request { method, target, headers: headers(&text), body: bytes[head + 4..].to_vec() })
}

/// A whole message, and the length of its head.
pub(crate) fn message(stream: &mut impl io::Read) -> Option<(Vec<u8>, usize)> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(stream, &mut bytes)?;
    };
    let headers = headers(&String::from_utf8_lossy(&bytes[..head]));
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length"));
    while bytes.len() < head + 4 + length {
        more(stream, &mut bytes)?;
    }
    assert_eq!(bytes.len(), head + 4 + length, "no message before the answer to the last");
    Some((bytes, head))
}

fn headers(head: &str) -> Vec<(String, String)> {
    let pairs = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect()
}

fn more(stream: &mut impl io::Read, bytes: &mut Vec<u8>) -> Option<()> {
    let mut some = [0; 4096];
    let count = stream.read(&mut some).ok().filter(|count| *count > 0)?;
    bytes.extend_from_slice(&some[..count]);
    Some(())
}

/// `number` names the request, as AWS does in its answers.
pub(crate) fn write(stream: &mut TcpStream, status: u16, body: &Value, number: usize) -> io::Result<()> {
    let body = body.to_string();
    // in one piece, or the other side would wait before it acknowledges the first
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: {number}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes())
}
