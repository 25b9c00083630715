//! Calling every reducer of a database with every kind of bad arguments, and judging the answers.

use std::time::Duration;

use anyhow::Result;
use hexmarch_e2e::arguments::{self, Arguments, Fitting, Kind, KINDS};
use hexmarch_e2e::world::World;
use hexmarch_host::{CallOutcome, Connection, HostClient, HostError, Options, SocketError};

use super::schema::{Access, Reducer, Schema};
use super::EXEMPT_REDUCERS;

/// How long an answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// Lines of a log that are looked through for panics.
const LOG_LINES: u32 = 50_000;
/// How the host itself refuses to call a lifecycle reducer.
const LIFECYCLE_REFUSAL: &str = "lifecycle reducer";
/// The limit on calls would hide how a reducer answers.
const TOO_MANY_CALLS: &str = "access.too_many_calls";
/// An error text longer than this repeats what it was sent, in bytes.
const MAX_ERROR_BYTES: usize = 1024;
/// Characters of a text that are shown.
const MAX_SHOWN: usize = 160;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    /// A new identity.
    Stranger,
    /// With an account, connected, not signed in.
    Registered,
    /// In the world.
    SignedIn,
    /// May do everything.
    Admin,
}

/// What an answer has to be.
enum Expected {
    /// The host calls no lifecycle reducer for anybody.
    HostRefusal,
    /// An error key that starts so.
    Key(&'static str),
    /// An error key, or success.
    NoTrap,
}

/// A database under attack.
pub struct Probe<'a> {
    world: &'a World,
    schema: &'a Schema,
    /// The last line of the log that is older than the attack, in microseconds since 1970.
    log_before: i64,
}

/// Connections on which every answer is awaited.
pub fn options() -> Options {
    Options {
        answer_timeout: ANSWER_LIMIT,
        ..Options::default()
    }
}

impl<'a> Probe<'a> {
    /// Notes where the log ends.
    pub async fn start(world: &'a World, schema: &'a Schema) -> Result<Self> {
        let lines = world.operator.logs(&schema.database, 1).await?;
        let log_before = lines.iter().map(|line| line.timestamp).max().unwrap_or(0);
        Ok(Self {
            world,
            schema,
            log_before,
        })
    }

    /// Calls all reducers, but for those that may be called at any time without arguments.
    pub async fn over(self, socket: &Connection, persona: Persona, report: &mut Vec<String>) -> Result<()> {
        let reducers = self
            .schema
            .reducers
            .iter()
            .filter(|reducer| !self.is_harmless(reducer, persona));
        for reducer in reducers {
            for kind in KINDS {
                if !self.call(socket, persona, reducer, kind, &[], report).await {
                    return self.finish(report).await;
                }
            }
        }
        self.finish(report).await
    }

    /// Calls all reducers, one kind of arguments after the other, in an order in which content is staged before it is
    /// committed, and with the numbers by which messages are routed right, so that their handlers see the rest.
    pub async fn over_all(self, socket: &Connection, report: &mut Vec<String>) -> Result<()> {
        let own = if self.schema.is_global { 0 } else { 1 };
        // Each stream of messages begins anew.
        let mut senders = 2..;
        for kind in KINDS {
            for reducer in self.schema.reducers.iter().rev() {
                let sender = senders.next().unwrap_or(2);
                let fitting = [("sender", sender), ("previous_id", 0), ("to", own)];
                if !self.call(socket, Persona::Admin, reducer, kind, &fitting, report).await {
                    return self.finish(report).await;
                }
            }
        }
        self.finish(report).await
    }

    /// Calls a reducer with all variants of a kind of arguments; says whether the connection still stands.
    async fn call(
        &self,
        socket: &Connection,
        persona: Persona,
        reducer: &Reducer,
        kind: Kind,
        fitting: &Fitting,
        report: &mut Vec<String>,
    ) -> bool {
        for (variant, arguments) in self.variants(reducer, kind, fitting) {
            let answer = answer_of(socket, &reducer.name, &arguments.bsatn).await;
            if let Some(wrong) = judge(&answer, &self.expected(reducer.access, persona)) {
                report.push(self.line(persona, reducer, kind, variant, &wrong));
            }
        }
        socket.ended().is_none()
    }

    /// Calls what may be called at any time without arguments: the answer may be success, or an error key.
    pub async fn harmless(self, socket: &Connection, persona: Persona, report: &mut Vec<String>) -> Result<()> {
        for reducer in self
            .schema
            .reducers
            .iter()
            .filter(|reducer| self.is_harmless(reducer, persona))
        {
            let answer = answer_of(socket, &reducer.name, &[]).await;
            if let Some(wrong) = judge(&answer, &Expected::NoTrap) {
                report.push(format!("{}: {}: {wrong}", self.schema.database, reducer.name));
            }
        }
        self.finish(report).await
    }

    /// Calls all reducers as somebody whose connection is refused, with the arguments that JSON can say.
    pub async fn over_http(self, client: &HostClient, key: &str, report: &mut Vec<String>) -> Result<()> {
        for reducer in &self.schema.reducers {
            let calls = KINDS
                .into_iter()
                .flat_map(|kind| self.variants(reducer, kind, &[]).map(move |call| (kind, call)));
            for (kind, (variant, arguments)) in calls {
                let Some(json) = arguments.json else { continue };
                let wrong = match client.call(&self.schema.database, &reducer.name, &json).await {
                    Err(HostError::NotAllowed { text, .. }) if text == key => continue,
                    // JSON is longer than BSATN, and what is too long for HTTP does not reach the module.
                    Err(HostError::TooLarge { .. }) => continue,
                    Err(error) => error.to_string(),
                    Ok(()) => "succeeded".to_string(),
                };
                report.push(self.line(Persona::Stranger, reducer, kind, variant, &wrong));
            }
        }
        self.finish(report).await
    }

    /// The arguments of a kind, with each variant of the enums among them.
    fn variants<'r>(
        &'r self,
        reducer: &'r Reducer,
        kind: Kind,
        fitting: &'r Fitting,
    ) -> impl Iterator<Item = (usize, Arguments)> + 'r {
        let (typespace, parameters) = (&self.schema.typespace, &reducer.parameters);
        let is_exempt = EXEMPT_REDUCERS.iter().any(|(name, _)| *name == reducer.name);
        let count = if is_exempt {
            0
        } else {
            arguments::variants(typespace, parameters)
        };
        (0..count).map(move |variant| {
            (
                variant,
                arguments::generate(typespace, parameters, kind, variant, fitting),
            )
        })
    }

    /// Whether somebody may call it at any time, and there is nothing to call it badly with.
    fn is_harmless(&self, reducer: &Reducer, persona: Persona) -> bool {
        let is_open = match reducer.access {
            Access::Anyone => true,
            Access::Player => self.is_player(persona),
            Access::Closed | Access::Lifecycle => false,
        };
        is_open && reducer.parameters.elements.is_empty()
    }

    /// In the global database an account is enough.
    fn is_player(&self, persona: Persona) -> bool {
        persona == Persona::SignedIn || (self.schema.is_global && persona == Persona::Registered)
    }

    fn expected(&self, access: Access, persona: Persona) -> Expected {
        match access {
            Access::Lifecycle => Expected::HostRefusal,
            _ if persona == Persona::Admin => Expected::NoTrap,
            Access::Closed => Expected::Key("access."),
            Access::Player if !self.is_player(persona) => Expected::Key("access.not_signed_in"),
            Access::Player | Access::Anyone => Expected::Key(""),
        }
    }

    fn line(&self, persona: Persona, reducer: &Reducer, kind: Kind, variant: usize, wrong: &str) -> String {
        let (database, name) = (&self.schema.database, &reducer.name);
        format!("{database}: {persona:?} calls {name} with {kind:?} arguments, variant {variant}: {wrong}")
    }

    /// Looks for panics in the log.
    async fn finish(self, report: &mut Vec<String>) -> Result<()> {
        let lines = self.world.operator.logs(&self.schema.database, LOG_LINES).await?;
        for line in lines.iter().filter(|line| line.timestamp > self.log_before) {
            if line.level == "Panic" || is_trap(&line.message) {
                report.push(format!(
                    "{}: in the log: {}",
                    self.schema.database,
                    short(&line.message)
                ));
            }
        }
        Ok(())
    }
}

/// The outcome, with the host's refusal as a failure of the call and not of the connection.
async fn answer_of(socket: &Connection, reducer: &str, arguments: &[u8]) -> Result<CallOutcome, SocketError> {
    tokio::time::timeout(ANSWER_LIMIT, socket.call(reducer, arguments))
        .await
        .unwrap_or_else(|_| {
            Err(SocketError::Timeout {
                attempt: format!("call {reducer}"),
                after: ANSWER_LIMIT,
            })
        })
}

/// What is wrong with an answer.
fn judge(answer: &Result<CallOutcome, SocketError>, expected: &Expected) -> Option<String> {
    match (answer, expected) {
        (Err(SocketError::HostRefused(text)), Expected::HostRefusal) if text.contains(LIFECYCLE_REFUSAL) => None,
        (Ok(CallOutcome::Committed), Expected::NoTrap) => None,
        (Ok(CallOutcome::Committed), _) => Some("succeeded".to_string()),
        (Ok(CallOutcome::Failed(text)), Expected::NoTrap) => not_a_key(text),
        (Ok(CallOutcome::Failed(text)), Expected::Key(prefix)) => not_a_key(text).or_else(|| {
            let other = !text.starts_with(prefix);
            other.then(|| format!("refused with {}, not with {prefix}*, so not for who calls", short(text)))
        }),
        (answer, _) => Some(short(&format!("{answer:?}"))),
    }
}

fn not_a_key(text: &str) -> Option<String> {
    if is_trap(text) {
        return Some(format!("trapped: {}", short(text)));
    }
    if !is_key(text) || text == TOO_MANY_CALLS || text.len() > MAX_ERROR_BYTES {
        return Some(format!("not an error key: {}", short(text)));
    }
    None
}

fn is_trap(text: &str) -> bool {
    ["fatal error", "panicked", "wasm backtrace", "wasm trap"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// `feature.reason`, with arguments behind `|`, on one line.
fn is_key(text: &str) -> bool {
    let (key, arguments) = text.split_once('|').unwrap_or((text, ""));
    let mut parts = key.split('.');
    let is_word = |part: &str, digits: bool| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || (digits && byte.is_ascii_digit());
        !part.is_empty() && part.bytes().all(fits)
    };
    let feature = parts.next().is_some_and(|part| is_word(part, false));
    let mut reasons = parts.peekable();
    feature && reasons.peek().is_some() && reasons.all(|part| is_word(part, true)) && !arguments.contains('\n')
}

/// On one line, cut.
fn short(text: &str) -> String {
    text.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect()
}
