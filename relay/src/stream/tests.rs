//! One rule at a time; `tests/simulation.rs` is about all of them at once.

mod batches;

use super::*;
use crate::wire;
use bytes::BufMut as _;
use hexmarch_host::bsatn::Reader;

const HOLD: Duration = Duration::from_millis(1000);
/// What a row has behind its front.
const BODY: &[u8] = b"body";

struct Fixture {
    stream: Stream,
    now: Instant,
}

/// An action in few words: `process 5 7 after 3`, `record 5 after 3`, `acknowledge 5 done, 7 failed`, `fetch 5..9`.
fn describe(action: &Action) -> String {
    let (reducer, arguments, side) = match action {
        Action::Fetch { first, last, .. } => return format!("fetch {first}..{last}"),
        Action::Call {
            reducer,
            arguments,
            side,
            ..
        } => (*reducer, arguments, *side),
    };
    let mut reader = Reader::new(arguments.clone());
    let expected = match reducer {
        wire::ACKNOWLEDGE_REDUCER => Side::Source,
        _ => Side::Destination,
    };
    assert_eq!(side, expected);
    let text = match reducer {
        wire::PROCESS_REDUCER => {
            let (_from, previous, count) = (reader.u8(), reader.u64().unwrap(), reader.u32().unwrap());
            let ids = (0..count).map(|_| {
                let id = reader.u64().unwrap();
                let _rest = reader.take(2 + BODY.len()).unwrap();
                id.to_string()
            });
            format!("process {} after {previous}", ids.collect::<Vec<_>>().join(" "))
        }
        wire::RECORD_FAILURE_REDUCER => {
            let (_from, previous, id) = (reader.u8(), reader.u64().unwrap(), reader.u64().unwrap());
            let _error = reader.text().unwrap();
            format!("record {id} after {previous}")
        }
        _ => {
            let results = (0..reader.u32().unwrap()).map(|_| {
                let (id, tag) = (reader.u64().unwrap(), reader.u8().unwrap());
                let outcome = if tag == 0 { "done" } else { "failed" };
                let _error = (tag == 1).then(|| reader.text().unwrap());
                format!("{id} {outcome}")
            });
            format!("acknowledge {}", results.collect::<Vec<_>>().join(", "))
        }
    };
    assert_eq!(reader.remaining(), 0, "{text}");
    text
}

fn row(id: u64, durable: bool) -> Row {
    let mut bytes = Vec::new();
    bytes.put_u64_le(id);
    bytes.put_u8(2);
    bytes.put_u8(u8::from(durable));
    bytes.put_slice(BODY);
    Row::decode(&bytes.into()).unwrap()
}

fn rows(ids: impl IntoIterator<Item = u64>) -> Vec<Row> {
    ids.into_iter().map(|id| row(id, false)).collect()
}

impl Fixture {
    /// Connected to both sides, the counter at `counter` and `rows` in the outbox.
    fn new(counter: u64, rows: Vec<Row>) -> Self {
        Self::with_window(4, counter, rows)
    }

    fn with_window(window: usize, counter: u64, rows: Vec<Row>) -> Self {
        let stream = Stream::new(1, 2, Settings { hold: HOLD, window });
        let mut fixture = Self {
            stream,
            now: Instant::now(),
        };
        fixture.stream.source_up(fixture.now, rows);
        fixture.stream.destination_up(counter);
        fixture
    }

    /// Takes all actions that are due now and compares them; returns the tokens of the calls.
    #[track_caller]
    fn expect_now(&mut self, expected: &[&str]) -> Vec<Token> {
        let actions = self.actions_now();
        self.compare(&actions, expected)
    }

    /// The same, time going on until no call is put off any more for its distance to the one before.
    #[track_caller]
    fn expect(&mut self, expected: &[&str]) -> Vec<Token> {
        let mut actions = self.actions_now();
        while let Some(resume) = [self.stream.deliveries.resume(), self.stream.answers.resume()]
            .into_iter()
            .flatten()
            .min()
        {
            self.now = resume;
            actions.extend(self.actions_now());
        }
        self.compare(&actions, expected)
    }

    fn actions_now(&mut self) -> Vec<Action> {
        std::iter::from_fn(|| self.stream.next_action(self.now)).collect()
    }

    #[track_caller]
    fn compare(&self, actions: &[Action], expected: &[&str]) -> Vec<Token> {
        assert_eq!(actions.iter().map(describe).collect::<Vec<_>>(), expected);
        let token = |action: &Action| match action {
            Action::Call { token, .. } | Action::Fetch { token, .. } => *token,
        };
        actions.iter().map(token).collect()
    }

    fn answer(&mut self, token: Token, reply: Result<(), &str>) {
        let reply = match reply {
            Ok(()) => Reply::Committed,
            Err(text) => Reply::Failed(text.to_owned()),
        };
        self.stream.answered(self.now, token, reply);
    }

    fn wait(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
    }
}

#[test]
fn sends_a_window_in_order_after_the_one_before() {
    let mut fixture = Fixture::new(3, rows([5, 7, 8, 9, 12]));
    let tokens = fixture.expect(&["process 5 7 8 9 after 3"]);
    fixture.answer(tokens[0], Ok(()));
    let acks = fixture.expect(&["acknowledge 5 done, 7 done, 8 done, 9 done", "process 12 after 9"]);
    fixture.answer(acks[0], Ok(()));
    fixture.stream.source_rows(fixture.now, &[5, 7, 8, 9], vec![]);
    fixture.expect(&[]);
    let counters = fixture.stream.counters();
    assert_eq!((counters.delivered, counters.acked, fixture.stream.depth()), (4, 4, 1));
}

#[test]
fn a_gap_is_believed_once_everything_is_answered() {
    let mut fixture = Fixture::new(0, rows([5]));
    let mut tokens = fixture.expect(&["process 5 after 0"]);
    fixture.stream.source_rows(fixture.now, &[], rows([7]));
    tokens.extend(fixture.expect(&["process 7 after 5"]));
    fixture.answer(tokens[0], Err("inter_module.gap|4"));
    fixture.expect(&[]);
    fixture.answer(tokens[1], Err("inter_module.gap|4"));
    fixture.expect(&["process 5 7 after 4"]);
    assert_eq!(fixture.stream.counters().gaps, 1);
}

#[test]
fn a_rejected_message_is_recorded_and_asked_for_before_it_is_acknowledged() {
    let mut fixture = Fixture::new(3, rows([5]));
    let mut tokens = fixture.expect(&["process 5 after 3"]);
    fixture.stream.source_rows(fixture.now, &[], rows([7]));
    tokens.extend(fixture.expect(&["process 7 after 5"]));
    fixture.answer(tokens[0], Err("inter_module.rejected|full"));
    fixture.answer(tokens[1], Err("inter_module.gap|3"));
    let record = fixture.expect(&["record 5 after 3"]);
    fixture.answer(record[0], Ok(()));
    let tokens = fixture.expect(&["process 5 after 5", "process 7 after 5"]);
    fixture.answer(tokens[0], Err("inter_module.failed|full"));
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&["acknowledge 5 failed, 7 done"]);
    let counters = fixture.stream.counters();
    assert_eq!((counters.failed, counters.delivered, counters.duplicates), (1, 1, 0));
}

#[test]
fn recording_too_late_does_not_make_a_failure() {
    // Another relay has delivered the message between our rejection and our record.
    let mut fixture = Fixture::new(3, rows([5]));
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.answer(tokens[0], Err("inter_module.rejected|full"));
    let record = fixture.expect(&["record 5 after 3"]);
    fixture.answer(record[0], Ok(()));
    let again = fixture.expect(&["process 5 after 5"]);
    fixture.answer(again[0], Ok(()));
    fixture.expect(&["acknowledge 5 done"]);
}

#[test]
fn nothing_follows_a_record_that_is_not_answered() {
    let mut fixture = Fixture::new(3, rows([5]));
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.answer(tokens[0], Err("inter_module.rejected|full"));
    fixture.stream.source_rows(fixture.now, &[], rows([7]));
    let record = fixture.expect(&["record 5 after 3"]);
    fixture.expect(&[]);
    fixture.answer(record[0], Err("access.denied|relay"));
    fixture.expect(&[]);
    fixture.wait(1000);
    fixture.expect(&["record 5 after 3"]);
}

#[test]
fn a_trap_is_tried_again_three_times_and_then_recorded() {
    let mut fixture = Fixture::new(3, rows([5]));
    for pause in [200, 400, 800] {
        let tokens = fixture.expect(&["process 5 after 3"]);
        fixture.answer(tokens[0], Err("fatal"));
        fixture.expect(&[]);
        assert_eq!(
            fixture.stream.wake_at(fixture.now),
            Some(fixture.now + Duration::from_millis(pause))
        );
        fixture.wait(pause);
    }
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.answer(tokens[0], Err("fatal"));
    fixture.expect(&["record 5 after 3"]);
}

#[test]
fn what_cannot_be_read_has_failed_once_that_is_recorded() {
    const UNREADABLE: &str = "invalid arguments for reducer x";
    let mut fixture = Fixture::new(3, rows([5]));
    for _ in 0..4 {
        let tokens = fixture.expect(&["process 5 after 3"]);
        fixture.answer(tokens[0], Err(UNREADABLE));
        fixture.wait(800);
    }
    let record = fixture.expect(&["record 5 after 3"]);
    fixture.answer(record[0], Ok(()));
    let again = fixture.expect(&["process 5 after 5"]);
    fixture.answer(again[0], Err(UNREADABLE));
    fixture.expect(&["acknowledge 5 failed"]);
    assert_eq!(fixture.stream.counters().failed, 1);
}

#[test]
fn while_paused_results_go_and_messages_wait() {
    let mut fixture = Fixture::new(3, rows([5]));
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.stream.set_paused(true);
    fixture.stream.source_rows(fixture.now, &[], rows([7]));
    fixture.answer(tokens[0], Ok(()));
    fixture.expect(&["acknowledge 5 done"]);
    fixture.stream.set_paused(false);
    fixture.expect(&["process 7 after 5"]);
}

#[test]
fn a_shorter_hold_counts_for_what_already_waits() {
    let mut fixture = Fixture::new(3, vec![row(5, true)]);
    fixture.stream.source_alive(Duration::ZERO);
    fixture.stream.source_alive(HOLD / 2);
    fixture.expect(&[]);
    let settings = Settings {
        hold: HOLD / 2,
        window: 4,
    };
    fixture.stream.set_settings(settings);
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.wait(40);
    fixture.answer(tokens[0], Ok(()));
    let timings = fixture.stream.timings();
    assert_eq!((timings.held_rows.sum_seconds(), timings.held_rows.count()), (0.5, 1));
    assert_eq!((timings.delivered.sum_seconds(), timings.delivered.count()), (0.04, 1));
}

#[test]
fn a_missing_role_pauses_without_counting_against_the_message() {
    let mut fixture = Fixture::new(3, rows([5]));
    for pause in [1, 2, 4, 8, 16, 30, 30].map(|seconds| seconds * 1000) {
        let tokens = fixture.expect(&["process 5 after 3"]);
        fixture.answer(tokens[0], Err("access.denied|relay"));
        fixture.wait(pause - 1);
        fixture.expect(&[]);
        fixture.wait(1);
    }
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.answer(tokens[0], Ok(()));
    let acks = fixture.expect(&["acknowledge 5 done"]);
    fixture.answer(acks[0], Err("access.denied|relay"));
    fixture.expect(&[]);
    fixture.wait(1000);
    fixture.expect(&["acknowledge 5 done"]);
}

#[test]
fn a_durable_message_waits_for_proof_on_both_sides() {
    let seconds = Duration::from_secs;
    let mut fixture = Fixture::new(3, vec![row(5, true), row(7, false)]);
    fixture.wait(60_000);
    fixture.expect(&[]);
    assert!(fixture.stream.needs_source_clock());
    fixture.stream.source_alive(seconds(10));
    fixture.expect(&[]);
    fixture.stream.source_alive(seconds(11));
    let tokens = fixture.expect(&["process 5 7 after 3"]);
    fixture.stream.destination_alive(seconds(20));
    fixture.answer(tokens[0], Ok(()));
    fixture.expect(&["acknowledge 7 done"]);
    assert!(fixture.stream.needs_destination_clock());
    fixture.stream.destination_alive(seconds(21));
    fixture.expect(&[]);
    fixture.stream.destination_alive(seconds(22));
    fixture.expect(&["acknowledge 5 done"]);
    assert!(!fixture.stream.needs_destination_clock());
}

#[test]
fn a_batch_ends_before_what_is_not_old_enough() {
    let mut fixture = Fixture::new(3, vec![row(5, true)]);
    fixture.stream.source_alive(Duration::ZERO);
    let later = vec![row(7, false), row(8, true), row(9, false)];
    fixture.stream.source_rows(fixture.now, &[], later);
    fixture.stream.source_alive(HOLD);
    fixture.expect(&["process 5 7 after 3"]);
    assert!(fixture.stream.needs_source_clock());
    fixture.stream.source_alive(HOLD * 2);
    fixture.expect(&["process 8 9 after 7"]);
}

#[test]
fn a_break_before_the_hold_has_passed_delivers_again() {
    let mut fixture = Fixture::new(3, vec![row(5, true)]);
    fixture.stream.source_alive(Duration::ZERO);
    fixture.stream.source_alive(HOLD);
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.answer(tokens[0], Ok(()));
    fixture.stream.destination_alive(HOLD);
    fixture.stream.destination_down();
    fixture.expect(&[]);
    fixture.stream.destination_up(5);
    // The body was let go with the first answer.
    let fetch = fixture.expect(&["fetch 5..5"]);
    fixture.stream.fetched(fixture.now, fetch[0], Ok(vec![row(5, true)]));
    let tokens = fixture.expect(&["process 5 after 5"]);
    fixture.answer(tokens[0], Ok(()));
    fixture.stream.destination_alive(Duration::ZERO);
    fixture.expect(&[]);
    fixture.stream.destination_alive(HOLD);
    fixture.expect(&["acknowledge 5 done"]);
    assert_eq!(
        (
            fixture.stream.counters().delivered,
            fixture.stream.counters().duplicates
        ),
        (1, 1)
    );
}

#[test]
fn a_new_snapshot_replaces_what_was_believed() {
    let mut fixture = Fixture::new(3, rows([5]));
    let begun = fixture.now;
    let mut tokens = fixture.expect(&["process 5 after 3"]);
    fixture.stream.source_rows(fixture.now, &[], rows([7]));
    tokens.extend(fixture.expect(&["process 7 after 5"]));
    fixture.stream.source_down();
    fixture.answer(tokens[0], Ok(()));
    fixture.expect(&[]);
    fixture.wait(100);
    fixture.stream.source_up(fixture.now, rows([5, 9]));
    assert_eq!(fixture.stream.oldest_age(fixture.now), Some(fixture.now - begun));
    fixture.expect(&["process 5 9 after 7"]);
    // The answer to a call about a row that is another one now changes nothing.
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&[]);
}

#[test]
fn a_row_that_another_relay_finished_is_dropped() {
    let mut fixture = Fixture::new(3, rows([5]));
    let mut tokens = fixture.expect(&["process 5 after 3"]);
    fixture.stream.source_rows(fixture.now, &[], rows([7]));
    tokens.extend(fixture.expect(&["process 7 after 5"]));
    fixture.stream.source_rows(fixture.now, &[5, 7], vec![]);
    fixture.answer(tokens[0], Ok(()));
    fixture.answer(tokens[1], Err("inter_module.rejected|x"));
    fixture.expect(&[]);
    assert_eq!(
        (fixture.stream.depth(), fixture.stream.oldest_age(fixture.now)),
        (0, None)
    );
}

#[test]
fn what_was_not_sent_goes_again_with_the_same_claim() {
    let mut fixture = Fixture::new(3, rows([5]));
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.stream.answered(fixture.now, tokens[0], Reply::Busy);
    fixture.expect(&[]);
    fixture.wait(5);
    fixture.expect(&["process 5 after 3"]);
}

#[test]
fn a_call_that_is_never_answered_counts_as_failed() {
    let mut fixture = Fixture::new(3, rows([5]));
    for _ in 0..4 {
        fixture.expect(&["process 5 after 3"]);
        assert_eq!(fixture.stream.give_up(fixture.now), None);
        fixture.wait(151_000);
        assert_eq!(fixture.stream.give_up(fixture.now), Some(Side::Destination));
        fixture.expect(&[]);
        fixture.stream.destination_up(3);
    }
    fixture.expect(&["record 5 after 3"]);
}

#[test]
fn several_that_are_never_answered_go_singly_and_do_not_count() {
    let mut fixture = Fixture::new(3, rows([5, 7]));
    fixture.expect(&["process 5 7 after 3"]);
    fixture.wait(151_000);
    assert_eq!(fixture.stream.give_up(fixture.now), Some(Side::Destination));
    fixture.stream.destination_up(3);
    fixture.expect(&["process 5 after 3", "process 7 after 5"]);
}

#[test]
fn bodies_are_bounded_and_fetched_before_their_turn_comes() {
    let last = (MAX_BODIES + FETCH_ROWS) as u64 + 600;
    let mut fixture = Fixture::with_window(256, 0, rows(1..=last));
    assert_eq!(fixture.stream.rows.body_count(), MAX_BODIES);
    let (mut fetches, mut calls) = (Vec::new(), VecDeque::new());
    loop {
        match fixture.stream.next_action(fixture.now) {
            Some(Action::Call { token, .. }) => calls.push_back(token),
            Some(Action::Fetch { token, first, last }) => {
                assert!(!calls.is_empty(), "nothing is under way meanwhile");
                fetches.push((first, last));
                fixture.stream.fetched(fixture.now, token, Ok(rows(first..=last)));
            }
            None => match calls.pop_front() {
                Some(token) => fixture.answer(token, Ok(())),
                None => break,
            },
        }
        assert!(fixture.stream.rows.body_count() <= MAX_BODIES + FETCH_ROWS);
    }
    let first = MAX_BODIES as u64 + 1;
    let second = first + FETCH_ROWS as u64;
    assert_eq!(fetches, [(first, second - 1), (second, last)]);
    assert_eq!((fixture.stream.counters().acked, fixture.stream.depth()), (last, 0));
    assert_eq!(fixture.stream.rows.body_count(), 0);
}

#[test]
fn a_stop_lets_results_through_and_nothing_else() {
    let mut fixture = Fixture::new(3, vec![row(5, false), row(7, true)]);
    let tokens = fixture.expect(&["process 5 after 3"]);
    fixture.stream.stop();
    assert!(!fixture.stream.is_quiet());
    fixture.answer(tokens[0], Ok(()));
    assert!(!fixture.stream.is_quiet());
    fixture.stream.source_alive(Duration::ZERO);
    fixture.stream.source_alive(HOLD);
    let acks = fixture.expect(&["acknowledge 5 done"]);
    fixture.answer(acks[0], Ok(()));
    assert!(fixture.stream.is_quiet());
}
