//! AWS Secrets Manager and the Parameter Store, as strict as the real ones, in the test's own process: every request's signature
//! is recomputed from what was sent. Whoever tests what happens between two messages gives a hook, which is asked before each
//! request and after it, and may do anything meanwhile, such as killing the client.
//!
//! Not covered: permissions (a hook may refuse), encryption, replication, policies, parameters of other types and tiers.

pub(crate) mod http;
pub(crate) mod parameters;
pub(crate) mod secrets;
pub(crate) mod signature;

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Value, json};

use parameters::Parameters;
use secrets::Secrets;
use signature::Key;

pub(crate) const REGION: &str = "eu-west-1";

/// A request whose signature was right.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The first is 1.
    pub(crate) number: usize,
    /// Such as `secretsmanager.PutSecretValue`.
    pub(crate) target: String,
    pub(crate) body: Value,
}

/// What is to become of a request, or of its answer.
pub(crate) enum Turn {
    Go,
    /// The connection ends.
    Cut,
    /// It isn't looked at, and this is answered.
    Refuse(Refusal),
}

/// Asked with [`When::Before`] when the request has come, and with [`When::After`] when it has had its effect. It may change the
/// world, as others do meanwhile.
pub(crate) type Hook = Box<dyn FnMut(When, &Call, &mut World) -> Turn + Send>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

/// An error in AWS's words.
pub(crate) struct Refusal(pub(crate) u16, pub(crate) &'static str, pub(crate) String);

pub(crate) type Answer = Result<Value, Refusal>;

pub(crate) fn refusal(kind: &'static str, message: impl Into<String>) -> Answer {
    Err(Refusal(400, kind, message.into()))
}

/// Runs until the test's process ends.
pub(crate) struct Server {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
}

/// What the services hold, and who may ask.
pub(crate) struct World {
    pub(crate) secrets: Secrets,
    pub(crate) parameters: Parameters,
    pub(crate) keys: Vec<Key>,
    pub(crate) calls: Vec<Call>,
    pub(crate) hook: Hook,
    /// So many descriptions after each change show what was before it.
    pub(crate) lag: usize,
    before: Option<(Secrets, Parameters, usize)>,
}

impl Server {
    pub(crate) fn start() -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let world = World {
            secrets: Secrets::default(),
            parameters: Parameters::default(),
            keys: vec![Key::lasting(), Key::of_session()],
            calls: Vec::new(),
            hook: Box::new(|_, _, _| Turn::Go),
            lag: 0,
            before: None,
        };
        let world = Arc::new(Mutex::new(world));
        let shared = Arc::clone(&world);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let world = Arc::clone(&shared);
                thread::spawn(move || converse(stream, &world));
            }
        });
        Server { address, world }
    }

    /// What a program needs in its environment to come here.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let key = Key::lasting();
        let url = format!("http://{}", self.address);
        [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", &key.id),
            ("AWS_SECRET_ACCESS_KEY", &key.secret),
            ("AWS_REGION", REGION),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// While it is held, requests wait.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers the requests of one connection.
fn converse(mut stream: TcpStream, world: &Mutex<World>) {
    while let Some(request) = http::read(&mut stream) {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, answer) = (world.calls.len() + 1, world.answer(&request));
        drop(world);
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(Turn::Refuse(Refusal(status, kind, message))) => {
                (status, json!({ "__type": kind, "message": message }))
            }
            Err(Turn::Cut | Turn::Go) => return,
        };
        if http::write(&mut stream, status, &body, number).is_err() {
            return;
        }
    }
}

impl World {
    /// A request's whole way; or what cuts it short.
    fn answer(&mut self, request: &http::Request) -> Result<Value, Turn> {
        if request.method != "POST" {
            return Err(Turn::Cut);
        }
        signature::check(request, &self.keys).map_err(Turn::Refuse)?;
        let body = serde_json::from_slice(&request.body);
        let body = body.map_err(|_| Turn::Refuse(Refusal(400, "SerializationException", "that isn't JSON".into())))?;
        let target = request.header("x-amz-target").unwrap_or_default().to_owned();
        let call = Call { number: self.calls.len() + 1, target, body };
        self.calls.push(call.clone());
        self.ask(When::Before, &call)?;
        let answer = self.perform(&call);
        self.ask(When::After, &call)?;
        answer.map_err(Turn::Refuse)
    }

    fn ask(&mut self, when: When, call: &Call) -> Result<(), Turn> {
        let mut hook = std::mem::replace(&mut self.hook, Box::new(|_, _, _| Turn::Go));
        let turn = hook(when, call, self);
        self.hook = hook;
        match turn {
            Turn::Go => Ok(()),
            other => Err(other),
        }
    }

    fn perform(&mut self, call: &Call) -> Answer {
        let (service, operation) = call.target.split_once('.').unwrap_or_default();
        let describes = operation.starts_with("Describe");
        if let Some((secrets, parameters, looks)) = self.before.as_mut().filter(|(.., looks)| describes && *looks > 0) {
            *looks -= 1;
            return match service {
                "secretsmanager" => secrets.perform(operation, &call.body),
                _ => parameters.perform(operation, &call.body),
            };
        }
        let before = (self.secrets.clone(), self.parameters.clone(), self.lag);
        let answer = match service {
            "secretsmanager" => self.secrets.perform(operation, &call.body),
            "AmazonSSM" => self.parameters.perform(operation, &call.body),
            _ => refusal("UnknownOperationException", ""),
        };
        if answer.is_ok() && !describes && !operation.starts_with("Get") {
            self.before = Some(before);
        }
        answer
    }
}

/// A request's fields: each that the operation doesn't know is a typing error of ours.
pub(crate) struct Fields<'a>(&'a Value);

impl<'a> Fields<'a> {
    pub(crate) fn of(body: &'a Value, known: &[&str]) -> Result<Fields<'a>, Refusal> {
        let fields = body.as_object().into_iter().flatten();
        match fields.map(|(name, _)| name).find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Refusal(400, "SerializationException", format!("no field {name}"))),
            None => Ok(Fields(body)),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn needed(&self, name: &str) -> Result<&'a str, Refusal> {
        self.text(name).ok_or_else(|| Refusal(400, "ValidationException", format!("{name} is missing")))
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool) == Some(true)
    }

    pub(crate) fn list(&self, name: &str) -> &'a [Value] {
        self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Seconds since 1970, as answers have them.
#[expect(clippy::disallowed_methods, reason = "a server of AWS has a clock")]
pub(crate) fn now() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs_f64()
}
