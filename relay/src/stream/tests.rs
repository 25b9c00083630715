//! One rule at a time; `tests/simulation.rs` is about all of them at once.

use super::*;
use bytes::BufMut as _;

const HOLD: Duration = Duration::from_millis(1000);

struct Fixture {
    stream: Stream,
    now: Instant,
}

/// An action in few words: `process 5 after 3`, `record 5 after 3`, `acknowledge 5`, `fetch 5..9`.
fn describe(action: &Action) -> String {
    let number = |arguments: &Bytes, at: usize| {
        arguments
            .get(at..at + 8)
            .map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()))
            .unwrap()
    };
    match action {
        Action::Fetch { first, last, .. } => format!("fetch {first}..{last}"),
        Action::Call {
            id,
            reducer,
            arguments,
            side,
            ..
        } => match *reducer {
            wire::PROCESS_REDUCER => {
                assert_eq!((*side, number(arguments, 9)), (Side::Destination, *id));
                format!("process {id} after {}", number(arguments, 1))
            }
            wire::RECORD_FAILURE_REDUCER => {
                assert_eq!((*side, number(arguments, 9)), (Side::Destination, *id));
                format!("record {id} after {}", number(arguments, 1))
            }
            _ => {
                assert_eq!((*side, number(arguments, 0)), (Side::Source, *id));
                let outcome = if arguments.get(8) == Some(&0) { "done" } else { "failed" };
                format!("acknowledge {id} {outcome}")
            }
        },
    }
}

fn row(id: u64, durable: bool) -> Row {
    let mut bytes = Vec::new();
    bytes.put_u64_le(id);
    bytes.put_u8(2);
    bytes.put_u8(u8::from(durable));
    bytes.put_slice(b"body");
    Row::decode(&bytes.into()).unwrap()
}

fn rows(ids: impl IntoIterator<Item = u64>) -> Vec<Row> {
    ids.into_iter().map(|id| row(id, false)).collect()
}

impl Fixture {
    /// Connected to both sides, the counter at `counter` and `rows` in the outbox.
    fn new(counter: u64, rows: Vec<Row>) -> Self {
        let stream = Stream::new(1, 2, Settings { hold: HOLD, window: 4 });
        let mut fixture = Self {
            stream,
            now: Instant::now(),
        };
        fixture.stream.source_up(fixture.now, rows);
        fixture.stream.destination_up(counter);
        fixture
    }

    /// Takes all actions and compares them; returns the tokens of the calls.
    #[track_caller]
    fn expect(&mut self, expected: &[&str]) -> Vec<Token> {
        let mut actions = Vec::new();
        while let Some(action) = self.stream.next_action(self.now) {
            actions.push(action);
        }
        assert_eq!(actions.iter().map(describe).collect::<Vec<_>>(), expected);
        let token = |action| match action {
            Action::Call { token, .. } | Action::Fetch { token, .. } => token,
        };
        actions.into_iter().map(token).collect()
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
fn sends_a_window_in_order_each_after_the_one_before() {
    let mut fixture = Fixture::new(3, rows([5, 7, 8, 9, 12]));
    let window = [
        "process 5 after 3",
        "process 7 after 5",
        "process 8 after 7",
        "process 9 after 8",
    ];
    let tokens = fixture.expect(&window);
    fixture.answer(tokens[0], Ok(()));
    let acks = fixture.expect(&["acknowledge 5 done", "process 12 after 9"]);
    fixture.answer(acks[0], Ok(()));
    fixture.stream.source_rows(fixture.now, &[5], vec![]);
    fixture.expect(&[]);
    let counters = fixture.stream.counters();
    assert_eq!((counters.delivered, counters.acked, fixture.stream.depth()), (1, 1, 4));
}

#[test]
fn a_gap_is_believed_once_everything_is_answered() {
    let mut fixture = Fixture::new(0, rows([5, 7]));
    let tokens = fixture.expect(&["process 5 after 0", "process 7 after 5"]);
    fixture.answer(tokens[0], Err("inter_module.gap|4"));
    fixture.expect(&[]);
    fixture.answer(tokens[1], Err("inter_module.gap|4"));
    fixture.expect(&["process 5 after 4", "process 7 after 5"]);
    assert_eq!(fixture.stream.counters().gaps, 1);
}

#[test]
fn a_rejected_message_is_recorded_and_asked_for_before_it_is_acknowledged() {
    let mut fixture = Fixture::new(3, rows([5, 7]));
    let tokens = fixture.expect(&["process 5 after 3", "process 7 after 5"]);
    fixture.answer(tokens[0], Err("inter_module.rejected|full"));
    fixture.answer(tokens[1], Err("inter_module.gap|3"));
    let record = fixture.expect(&["record 5 after 3"]);
    fixture.answer(record[0], Ok(()));
    let tokens = fixture.expect(&["process 5 after 5", "process 7 after 5"]);
    fixture.answer(tokens[0], Err("inter_module.failed|full"));
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&["acknowledge 5 failed", "acknowledge 7 done"]);
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
    let mut fixture = Fixture::new(3, rows([5, 7]));
    let tokens = fixture.expect(&["process 5 after 3", "process 7 after 5"]);
    fixture.answer(tokens[0], Err("inter_module.rejected|full"));
    fixture.answer(tokens[1], Err("inter_module.gap|3"));
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
    let tokens = fixture.expect(&["process 5 after 3", "process 7 after 5"]);
    fixture.stream.destination_alive(seconds(20));
    fixture.answer(tokens[0], Ok(()));
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&["acknowledge 7 done"]);
    assert!(fixture.stream.needs_destination_clock());
    fixture.stream.destination_alive(seconds(21));
    fixture.expect(&[]);
    fixture.stream.destination_alive(seconds(22));
    fixture.expect(&["acknowledge 5 done"]);
    assert!(!fixture.stream.needs_destination_clock());
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
    let mut fixture = Fixture::new(3, rows([5, 7]));
    let tokens = fixture.expect(&["process 5 after 3", "process 7 after 5"]);
    fixture.stream.source_down();
    fixture.answer(tokens[0], Ok(()));
    fixture.expect(&[]);
    fixture.wait(100);
    fixture.stream.source_up(fixture.now, rows([5, 9]));
    assert_eq!(fixture.stream.oldest_age(fixture.now), Some(Duration::from_millis(100)));
    fixture.expect(&["process 5 after 7", "process 9 after 7"]);
    // The answer to a call about a row that is another one now changes nothing.
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&[]);
}

#[test]
fn a_row_that_another_relay_finished_is_dropped() {
    let mut fixture = Fixture::new(3, rows([5, 7]));
    let tokens = fixture.expect(&["process 5 after 3", "process 7 after 5"]);
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
fn bodies_are_bounded_and_fetched_when_their_turn_comes() {
    let last = MAX_BODIES as u64 + 600;
    let mut fixture = Fixture::new(0, rows(1..=last));
    assert_eq!(fixture.stream.rows.bodies(), MAX_BODIES);
    let mut fetches = Vec::new();
    while let Some(action) = fixture.stream.next_action(fixture.now) {
        match action {
            Action::Call { token, .. } => fixture.answer(token, Ok(())),
            Action::Fetch { token, first, last } => {
                fetches.push((first, last));
                fixture.stream.fetched(fixture.now, token, Ok(rows(first..=last)));
            }
        }
    }
    let first = MAX_BODIES as u64 + 1;
    let second = first + FETCH_ROWS as u64;
    assert_eq!(fetches, [(first, second - 1), (second, last)]);
    assert_eq!((fixture.stream.counters().acked, fixture.stream.depth()), (last, 0));
    assert_eq!(fixture.stream.rows.bodies(), 0);
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
