//! The requests that await their answers.
//!
//! Which answer belongs to which call is less obvious than it should be. The host of version 1.3.0
//! - repeats the request id only when a call commits; an error comes with id 0, the reducer's name and its arguments;
//! - does not answer at all when a call runs out of energy;
//! - reports a call that it could not begin with id 0, without arguments, and ahead of answers that already wait.
//!
//! But it handles the calls of one connection one after the other and answers in that order. So an error belongs to
//! the oldest call of that reducer with those arguments, and a call older than one that is answered could not begin, if
//! that was reported, or else ran out of energy.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot, OwnedSemaphorePermit};

use super::{CallOutcome, SocketError, MAX_MESSAGE_BYTES};
use crate::wire::TableRows;

/// Request ids go from 1 to this, and around; 0 is the host's mark for none.
const LAST_ID: u64 = u32::MAX as u64;

/// Where an answer goes. The receiver may be gone, which is fine: nobody wants it any more.
#[derive(Debug)]
pub(super) enum Answer {
    Call {
        reducer: Box<str>,
        arguments: Box<[u8]>,
        done: oneshot::Sender<Result<CallOutcome, SocketError>>,
    },
    Rows {
        done: oneshot::Sender<Result<Vec<TableRows>, SocketError>>,
    },
}

impl Answer {
    pub(super) fn fail(self, error: SocketError) {
        match self {
            Self::Call { done, .. } => drop(done.send(Err(error))),
            Self::Rows { done } => drop(done.send(Err(error))),
        }
    }

    fn outcome(self, outcome: CallOutcome) {
        if let Self::Call { done, .. } = self {
            drop(done.send(Ok(outcome)));
        }
    }

    pub(super) fn rows(self, rows: Vec<TableRows>) {
        if let Self::Rows { done } = self {
            drop(done.send(Ok(rows)));
        }
    }
}

/// One request; it counts against the limit until it is answered, even when nobody waits any more.
#[derive(Debug)]
pub(super) struct Waiter {
    answer: Answer,
    _permit: OwnedSemaphorePermit,
}

impl Waiter {
    pub(super) fn new(answer: Answer, permit: OwnedSemaphorePermit) -> Self {
        Self {
            answer,
            _permit: permit,
        }
    }
}

/// Why a request did not leave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SendError {
    Closed,
    TooLarge(usize),
}

/// Which request the host could not begin.
#[derive(Debug)]
pub(super) enum Culprit {
    /// This one: no other can be meant.
    Only(Answer),
    /// One of several.
    Ambiguous,
    /// None that still waits.
    Unknown,
}

/// All requests, by number in the order of sending; closed once the connection has ended.
#[derive(Debug, Default)]
pub(super) struct Pending(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: BTreeMap<u64, Waiter>,
    /// Calls that could not begin, by reducer and with the host's words, of which it is not known yet which they were. No
    /// more than there are calls.
    misfits: VecDeque<(Box<str>, String)>,
    last: u64,
    closed: bool,
}

impl State {
    fn request_id(number: u64) -> u32 {
        // Below 2^32 by the remainder.
        (number % LAST_ID) as u32 + 1
    }

    /// The latest number with this request id.
    fn number(&self, request: u32) -> Option<u64> {
        let place = u64::from(request).checked_sub(1)?;
        let back = (self.last % LAST_ID + LAST_ID - place) % LAST_ID;
        self.last.checked_sub(back)
    }

    fn remove(&mut self, number: u64) -> Option<Answer> {
        self.waiting.remove(&number).map(|waiter| waiter.answer)
    }

    /// A later call was answered, but not this one.
    fn passed_over(&mut self, number: u64) {
        let Some(answer) = self.remove(number) else { return };
        let is_its = |(reducer, _): &(Box<str>, String)| matches!(&answer, Answer::Call { reducer: called, .. } if called == reducer);
        let misfit = self.misfits.iter().position(is_its);
        answer.outcome(match misfit.and_then(|at| self.misfits.remove(at)) {
            Some((_, text)) => CallOutcome::Failed(text),
            None => CallOutcome::OutOfEnergy,
        });
    }

    /// When no more calls of a reducer wait than could not begin, it is these.
    fn settle_misfits(&mut self) {
        while let Some((reducer, _)) = self.misfits.front() {
            let calls_it =
                |waiter: &Waiter| matches!(&waiter.answer, Answer::Call { reducer: called, .. } if called == reducer);
            let calls = self.waiting.iter().filter(|(_, waiter)| calls_it(waiter));
            let numbers: Vec<u64> = calls.map(|(number, _)| *number).collect();
            let misfits = self.misfits.iter().filter(|(other, _)| other == reducer).count();
            if numbers.len() > misfits {
                return;
            }
            match numbers.first() {
                Some(number) => self.passed_over(*number),
                // Nobody awaits it any more.
                None => drop(self.misfits.pop_front()),
            }
        }
    }

    /// The oldest call of `reducer` with `arguments`; failing that, the oldest of `reducer`.
    fn oldest(&self, reducer: &str, arguments: &Bytes) -> Option<u64> {
        let mut of_reducer = None;
        for (number, waiter) in &self.waiting {
            match &waiter.answer {
                Answer::Call {
                    reducer: called,
                    arguments: with,
                    ..
                } if **called == *reducer => {
                    if **with == **arguments {
                        return Some(*number);
                    }
                    of_reducer = of_reducer.or(Some(*number));
                }
                _ => {}
            }
        }
        of_reducer
    }
}

impl Pending {
    fn state(&self) -> MutexGuard<'_, State> {
        // No critical section below can panic half way, so the state is whole even if the lock says otherwise.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers and queues a request in one step, so that numbers rise in the order of sending. The queue must have
    /// room for as many requests as there are permits.
    pub(super) fn send(
        &self,
        waiter: Waiter,
        encode: impl FnOnce(u32) -> Bytes,
        queue: &mpsc::Sender<Bytes>,
    ) -> Result<(), SendError> {
        let mut state = self.state();
        if state.closed {
            return Err(SendError::Closed);
        }
        let number = state.last.wrapping_add(1);
        let message = encode(State::request_id(number));
        if message.len() > MAX_MESSAGE_BYTES {
            return Err(SendError::TooLarge(message.len()));
        }
        queue.try_send(message).map_err(|_| SendError::Closed)?;
        state.last = number;
        state.waiting.insert(number, waiter);
        Ok(())
    }

    /// Takes what awaits the answer to this request.
    pub(super) fn take(&self, request: u32) -> Option<Answer> {
        let mut state = self.state();
        let number = state.number(request)?;
        state.remove(number)
    }

    /// A call was answered; `request` is 0 where the host does not say which.
    pub(super) fn answered(&self, request: u32, reducer: &str, arguments: &Bytes, outcome: CallOutcome) {
        let mut state = self.state();
        let number = match request {
            0 => state.oldest(reducer, arguments),
            request => state
                .number(request)
                .filter(|number| state.waiting.contains_key(number)),
        };
        let Some(number) = number else { return };
        let skipped = |waiter: &Waiter| matches!(waiter.answer, Answer::Call { .. });
        let older = state.waiting.range(..number).filter(|(_, waiter)| skipped(waiter));
        for number in older.map(|(number, _)| *number).collect::<Vec<_>>() {
            state.passed_over(number);
        }
        if let Some(answer) = state.remove(number) {
            answer.outcome(outcome);
        }
        state.settle_misfits();
    }

    /// A call of `reducer` could not begin since its arguments do not fit: which one is known at the latest when a later
    /// one is answered.
    pub(super) fn misfit(&self, reducer: &str, text: String) {
        let mut state = self.state();
        if state.misfits.len() < state.waiting.len() {
            state.misfits.push_back((reducer.into(), text));
        }
        state.settle_misfits();
    }

    /// Which call of `reducer` the host could not begin; `None` for a request that is no call.
    pub(super) fn culprit(&self, reducer: Option<&str>) -> Culprit {
        let mut state = self.state();
        let concerned = |waiter: &Waiter| match (&waiter.answer, reducer) {
            (Answer::Call { reducer: called, .. }, Some(reducer)) => **called == *reducer,
            (Answer::Rows { .. }, None) => true,
            _ => false,
        };
        let mut numbers = state
            .waiting
            .iter()
            .filter(|(_, waiter)| concerned(waiter))
            .map(|(number, _)| *number);
        match (numbers.next(), numbers.next()) {
            (None, _) => Culprit::Unknown,
            (Some(_), Some(_)) => Culprit::Ambiguous,
            (Some(number), None) => {
                drop(numbers);
                state.remove(number).map_or(Culprit::Unknown, Culprit::Only)
            }
        }
    }

    /// Lets nothing more in and returns all that wait.
    pub(super) fn close(&self) -> Vec<Answer> {
        let mut state = self.state();
        state.closed = true;
        std::mem::take(&mut state.waiting)
            .into_values()
            .map(|waiter| waiter.answer)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Semaphore;

    type Outcome = oneshot::Receiver<Result<CallOutcome, SocketError>>;

    struct Fixture {
        pending: Pending,
        permits: Arc<Semaphore>,
        queue: (mpsc::Sender<Bytes>, mpsc::Receiver<Bytes>),
    }

    impl Fixture {
        fn new() -> Self {
            let permits = Arc::new(Semaphore::new(8));
            Self {
                pending: Pending::default(),
                permits,
                queue: mpsc::channel(8),
            }
        }

        fn call(&mut self, reducer: &str, arguments: &[u8]) -> (u32, Outcome) {
            let (done, outcome) = oneshot::channel();
            let answer = Answer::Call {
                reducer: reducer.into(),
                arguments: arguments.into(),
                done,
            };
            let waiter = Waiter::new(answer, Arc::clone(&self.permits).try_acquire_owned().unwrap());
            let mut id = 0;
            let encode = |request| {
                id = request;
                Bytes::new()
            };
            self.pending.send(waiter, encode, &self.queue.0).unwrap();
            (id, outcome)
        }

        fn answered(&self, request: u32, reducer: &str, arguments: &'static [u8], outcome: CallOutcome) {
            self.pending
                .answered(request, reducer, &Bytes::from_static(arguments), outcome);
        }
    }

    fn failed(text: &str) -> CallOutcome {
        CallOutcome::Failed(text.into())
    }

    #[test]
    fn an_error_without_id_belongs_to_the_oldest_call_that_fits() {
        let mut fixture = Fixture::new();
        let (_, mut first) = fixture.call("a", &[1]);
        let (_, mut second) = fixture.call("a", &[1]);
        let (_, mut third) = fixture.call("b", &[1]);
        fixture.answered(0, "a", &[1], failed("x"));
        assert_eq!(first.try_recv(), Ok(Ok(failed("x"))));
        fixture.answered(0, "a", &[9], failed("y"));
        assert_eq!(second.try_recv(), Ok(Ok(failed("y"))));
        fixture.answered(0, "c", &[1], failed("z"));
        assert!(third.try_recv().is_err());
        assert_eq!(fixture.permits.available_permits(), 7);
    }

    #[test]
    fn a_call_that_was_passed_over_ran_out_of_energy() {
        let mut fixture = Fixture::new();
        let (_, mut first) = fixture.call("a", &[1]);
        let (_, mut second) = fixture.call("a", &[2]);
        let (third_id, mut third) = fixture.call("a", &[3]);
        fixture.answered(0, "a", &[2], failed("x"));
        assert_eq!(first.try_recv(), Ok(Ok(CallOutcome::OutOfEnergy)));
        assert_eq!(second.try_recv(), Ok(Ok(failed("x"))));
        fixture.answered(third_id, "a", &[3], CallOutcome::Committed);
        assert_eq!(third.try_recv(), Ok(Ok(CallOutcome::Committed)));
        fixture.answered(third_id, "a", &[3], CallOutcome::Committed);
    }

    #[test]
    fn arguments_that_do_not_fit_belong_to_the_call_that_is_passed_over() {
        let mut fixture = Fixture::new();
        let (first_id, mut first) = fixture.call("a", &[1]);
        let (_, mut second) = fixture.call("a", &[2]);
        let (_, mut other) = fixture.call("b", &[2]);
        let (third_id, mut third) = fixture.call("a", &[3]);
        // It comes ahead of the answer to the first.
        fixture.pending.misfit("a", "no".into());
        fixture.answered(first_id, "a", &[1], CallOutcome::Committed);
        assert_eq!(first.try_recv(), Ok(Ok(CallOutcome::Committed)));
        assert!(second.try_recv().is_err());
        fixture.answered(third_id, "a", &[3], CallOutcome::Committed);
        assert_eq!(second.try_recv(), Ok(Ok(failed("no"))));
        assert_eq!(other.try_recv(), Ok(Ok(CallOutcome::OutOfEnergy)));
        assert_eq!(third.try_recv(), Ok(Ok(CallOutcome::Committed)));
        assert_eq!(fixture.permits.available_permits(), 8);
    }

    #[test]
    fn arguments_that_do_not_fit_belong_to_the_last_call_once_it_is_alone() {
        let mut fixture = Fixture::new();
        let (first_id, mut first) = fixture.call("a", &[1]);
        let (_, mut second) = fixture.call("a", &[2]);
        fixture.pending.misfit("a", "no".into());
        assert!(second.try_recv().is_err());
        fixture.answered(first_id, "a", &[1], CallOutcome::Committed);
        assert_eq!(first.try_recv(), Ok(Ok(CallOutcome::Committed)));
        assert_eq!(second.try_recv(), Ok(Ok(failed("no"))));
        // All at once, and one that nobody awaits.
        let (_, mut third) = fixture.call("a", &[3]);
        fixture.pending.misfit("a", "third".into());
        fixture.pending.misfit("a", "nobody's".into());
        assert_eq!(third.try_recv(), Ok(Ok(failed("third"))));
        let (fourth_id, mut fourth) = fixture.call("a", &[4]);
        fixture.answered(fourth_id, "a", &[4], CallOutcome::Committed);
        assert_eq!(fourth.try_recv(), Ok(Ok(CallOutcome::Committed)));
    }

    #[test]
    fn what_could_not_begin_is_the_only_candidate_or_unknown() {
        let mut fixture = Fixture::new();
        for reducer in ["a", "b", "b"] {
            let _ = fixture.call(reducer, &[]);
        }
        assert!(matches!(fixture.pending.culprit(Some("c")), Culprit::Unknown));
        assert!(matches!(fixture.pending.culprit(None), Culprit::Unknown));
        assert!(matches!(fixture.pending.culprit(Some("b")), Culprit::Ambiguous));
        assert!(matches!(fixture.pending.culprit(Some("a")), Culprit::Only(_)));
        assert_eq!(fixture.permits.available_permits(), 6);
    }

    #[test]
    fn nothing_enters_once_closed() {
        let mut fixture = Fixture::new();
        let _ = fixture.call("a", &[]);
        assert_eq!(fixture.pending.close().len(), 1);
        let (done, _) = oneshot::channel();
        let permit = Arc::clone(&fixture.permits).try_acquire_owned().unwrap();
        let waiter = Waiter::new(Answer::Rows { done }, permit);
        let sent = fixture.pending.send(waiter, |_| Bytes::new(), &fixture.queue.0);
        assert_eq!(sent, Err(SendError::Closed));
        assert_eq!(fixture.permits.available_permits(), 8);
    }

    #[test]
    fn request_ids_go_around_without_zero() {
        let mut fixture = Fixture::new();
        fixture.pending.state().last = LAST_ID - 3;
        let ids: Vec<u32> = (0..4).map(|_| fixture.call("a", &[]).0).collect();
        assert_eq!(ids, [u32::MAX - 1, u32::MAX, 1, 2]);
        for id in ids {
            assert!(fixture.pending.take(id).is_some(), "{id}");
        }
        assert!(fixture.pending.take(0).is_none());
    }
}
