//! TLS, and a proxy on the way.

use std::fs;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use pgmoat::secrets::Store;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::aws::{Server, http};
use super::contract::NAME;
use super::{block_on, environment, options};

/// Accepts connections, each on a thread.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// TLS before the server at `inner`; its certificate, which signs itself, is written to `file`.
fn tls(inner: SocketAddr, file: &Path) -> SocketAddr {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).expect("a certificate");
    fs::write(file, made.cert.pem()).expect("written");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key));
    let config = Arc::new(config.expect("a configuration"));
    listen(move |outer| {
        let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
        let mut outer = StreamOwned::new(connection, outer);
        let mut inner = TcpStream::connect(inner).expect("the server");
        // a request, then its answer, and so on
        while let Some((request, _)) = http::message(&mut outer) {
            inner.write_all(&request).expect("sent");
            let Some((answer, _)) = http::message(&mut inner) else { return };
            outer.write_all(&answer).and_then(|()| outer.flush()).expect("answered");
        }
    })
}

/// A proxy that counts who asks for a way.
fn proxy(asked: Arc<AtomicUsize>) -> SocketAddr {
    listen(move |mut client| {
        let (head, _) = http::message(&mut client).expect("a request");
        let line = String::from_utf8(head).expect("UTF-8");
        let to = line.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).expect("a way").to_owned();
        asked.fetch_add(1, Ordering::SeqCst);
        let mut server = TcpStream::connect(to).expect("the server");
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("answered");
        let (mut back, mut forth) = (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"));
        thread::spawn(move || io::copy(&mut forth, &mut server));
        let _ = io::copy(&mut back, &mut client);
    })
}

fn store(server: &Server, url: String, more: &[(&str, String)]) -> Store {
    let mut vars = server.environment();
    vars[0].1 = url;
    vars.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Store::secrets_manager(options(), &environment(vars)).expect("a store")
}

#[test]
fn a_server_is_known_by_its_certificate() {
    block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let (ours, theirs) = (folder.path().join("ours.pem"), folder.path().join("theirs.pem"));
        let server = Server::start();
        let plain: SocketAddr = server.environment()[0].1["http://".len()..].parse().expect("an address");
        let address = tls(plain, &ours);
        tls(plain, &theirs);
        let url = || format!("https://{address}");
        let bundle = |file: &Path| [("AWS_CA_BUNDLE", file.display().to_string())];
        let known = store(&server, url(), &bundle(&ours));
        assert_eq!(known.describe(NAME).await.unwrap_or_else(|error| panic!("{error}")), None);
        server.world().calls.clear();
        for strange in [store(&server, url(), &bundle(&theirs)), store(&server, url(), &[])] {
            let error = strange.describe(NAME).await.expect_err("a stranger").to_string();
            assert!(error.contains("can't be reached") && error.contains("certificate"), "{error}");
        }
        assert!(server.world().calls.is_empty());
        let vars = [server.environment(), vec![("AWS_CA_BUNDLE".to_owned(), "/nonexistent".to_owned())]].concat();
        let error = Store::secrets_manager(options(), &environment(vars)).expect_err("no such file").to_string();
        assert!(error.contains("AWS_CA_BUNDLE=/nonexistent"), "{error}");
    });
}

#[test]
fn a_proxy_is_asked_unless_the_host_is_exempt() {
    block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ours.pem");
        let server = Server::start();
        let plain: SocketAddr = server.environment()[0].1["http://".len()..].parse().expect("an address");
        let url = format!("https://{}", tls(plain, &file));
        let asked = Arc::new(AtomicUsize::new(0));
        let proxy = format!("http://{}", proxy(Arc::clone(&asked)));
        let bundle = ("AWS_CA_BUNDLE", file.display().to_string());
        for (exempt, ways) in [("", 1), ("other.example, 127.0.0.1", 0), ("*", 0), ("27.0.0.1", 1)] {
            asked.store(0, Ordering::SeqCst);
            let more = [bundle.clone(), ("https_proxy", proxy.clone()), ("NO_PROXY", exempt.to_owned())];
            let described = store(&server, url.clone(), &more).describe(NAME).await;
            assert_eq!(described.unwrap_or_else(|error| panic!("{error}")), None);
            assert_eq!(asked.load(Ordering::SeqCst), ways, "{exempt}");
        }
    });
}
