//! What a server sends: bounded, whatever it is and however it arrives.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let whole = pgmoat::db::first_breach(bytes, bytes.len());
    assert_eq!(whole, pgmoat::db::first_breach(bytes, 1));
    assert_eq!(whole, pgmoat::db::first_breach(bytes, 7));
});
