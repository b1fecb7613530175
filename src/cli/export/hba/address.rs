//! The field ADDRESS of pg_hba.conf.

use std::net::IpAddr;

/// Checks it, and gives an address without a mask the one that means it alone: without it, the server would take the method for
/// a mask.
pub(super) fn parse(text: &str) -> Result<String, String> {
    if ["all", "samehost", "samenet"].contains(&text) {
        return Ok(text.to_owned());
    }
    if let Some((address, bits)) = text.split_once('/') {
        let address: IpAddr = address.parse().map_err(|_| format!("`{address}` is no IP address"))?;
        let bits: u8 = bits.parse().map_err(|_| format!("`{bits}` is no number of bits"))?;
        let all = width(address);
        return if bits <= all {
            Ok(format!("{address}/{bits}"))
        } else {
            Err(format!("such an address has {all} bits"))
        };
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(format!("{address}/{}", width(address)));
    }
    // what has digits and dots alone is a mistyped address, and no name
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
    if text.chars().all(letters) && text.contains(|c: char| c.is_ascii_alphabetic()) {
        return Ok(text.to_owned());
    }
    Err("expected a network like 10.0.0.0/8 or fd00::/8, an address, a host name, samehost, samenet or all".to_owned())
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn addresses() {
        for (text, is) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("fd00::/8", "fd00::/8"),
            ("::1", "::1/128"),
            ("samenet", "samenet"),
            (".example.com", ".example.com"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(is));
        }
        for bad in
            ["", "10.0.0/8", "10.0.0.0/33", "::/129", "10.0.0", "a b", "a,b", "10.0.0.0/8 trust", "x\ny", "\"all\""]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
