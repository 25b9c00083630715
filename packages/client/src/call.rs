//! Calling a reducer and awaiting what became of it.

use std::time::Duration;

use spacetimedb_sdk::{Identity, ReducerEvent, Status};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long an answer may take.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(15);
/// Answers kept until they are looked at.
const CAPACITY: usize = 256;

/// Why a call did not take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The module refused: an error key with arguments.
    Refused(String),
    /// The connection broke before an answer came; it may or may not have taken effect.
    Disconnected,
    /// No answer came in time; it may or may not have taken effect.
    TimedOut,
}

impl std::fmt::Display for CallError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(key) => formatter.write_str(key),
            Self::Disconnected => formatter.write_str("the connection broke before the answer came"),
            Self::TimedOut => write!(formatter, "no answer came within {} s", CALL_TIMEOUT.as_secs()),
        }
    }
}

impl std::error::Error for CallError {}

impl CallError {
    /// Whether the module refused with this key, whatever its arguments.
    pub fn is(&self, key: &str) -> bool {
        matches!(self, Self::Refused(text) if text.split('|').next() == Some(key))
    }
}

/// Where answers to own calls arrive, in the order of the calls.
pub(crate) struct Answers {
    receiver: mpsc::Receiver<(&'static str, Result<(), String>)>,
}

/// Feeds [`Answers`].
#[derive(Clone)]
pub(crate) struct AnswerSender {
    caller: Identity,
    sender: mpsc::Sender<(&'static str, Result<(), String>)>,
}

/// For the calls of one identity.
pub(crate) fn channel(caller: Identity) -> (AnswerSender, Answers) {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    (AnswerSender { caller, sender }, Answers { receiver })
}

impl AnswerSender {
    /// A reducer has run. Calls of others are heard of as well, where their rows are seen.
    pub(crate) fn report<R>(&self, reducer: &'static str, event: &ReducerEvent<R>) {
        if event.caller_identity != self.caller {
            return;
        }
        let outcome = match &event.status {
            Status::Committed => Ok(()),
            Status::Failed(key) => Err(key.to_string()),
            Status::OutOfEnergy => Err("host.out_of_energy".to_string()),
        };
        // Full only when nobody awaits answers any more.
        let _ = self.sender.try_send((reducer, outcome));
    }
}

impl Answers {
    /// Forgets answers that nobody waited for.
    pub(crate) fn clear(&mut self) {
        while self.receiver.try_recv().is_ok() {}
    }

    pub(crate) async fn of(&mut self, reducer: &'static str) -> Result<(), CallError> {
        let answer = async {
            while let Some((answered, outcome)) = self.receiver.recv().await {
                if answered == reducer {
                    return outcome.map_err(CallError::Refused);
                }
            }
            Err(CallError::Disconnected)
        };
        timeout(CALL_TIMEOUT, answer).await.unwrap_or(Err(CallError::TimedOut))
    }
}
