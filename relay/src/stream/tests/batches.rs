//! What goes together, and what happens when it fails.

use super::*;

#[test]
fn a_message_leaves_at_once_and_what_comes_while_a_call_is_unanswered_leaves_together() {
    let mut fixture = Fixture::with_window(100, 0, vec![]);
    let come = |fixture: &mut Fixture, ids: &[u64]| {
        let rows = rows(ids.iter().copied());
        fixture.stream.source_rows(fixture.now, &[], rows);
    };
    come(&mut fixture, &[1]);
    let tokens = fixture.expect_now(&["process 1 after 0"]);
    for id in [2, 3] {
        come(&mut fixture, &[id]);
        fixture.expect_now(&[]);
    }
    // Not later than a moment, though the call is still unanswered.
    let resume = fixture.stream.wake_at(fixture.now).unwrap();
    assert_eq!(resume, fixture.now + DELIVERY_SPACING);
    fixture.now = resume;
    let more = fixture.expect_now(&["process 2 3 after 1"]);
    come(&mut fixture, &[4]);
    fixture.answer(tokens[0], Ok(()));
    fixture.expect_now(&["acknowledge 1 done"]);
    fixture.answer(more[0], Ok(()));
    // Nothing is unanswered any more; answers to answers may take longer.
    fixture.expect_now(&["process 4 after 3"]);
    assert_eq!(fixture.stream.wake_at(fixture.now), Some(fixture.now + ANSWER_SPACING));
    fixture.expect(&["acknowledge 2 done, 3 done"]);
}

#[test]
fn full_batches_follow_each_other_at_once_but_not_without_end() {
    let count = (CALLS_AHEAD * MAX_BATCH) as u64 + 1;
    let mut fixture = Fixture::with_window(usize::MAX, 0, rows(1..=count));
    assert_eq!(fixture.actions_now().len(), CALLS_AHEAD);
    fixture.wait(1000);
    assert_eq!(fixture.actions_now().len(), 0);
}

#[test]
fn a_batch_is_bounded_in_messages_and_bytes() {
    let many = MAX_BATCH as u64 + 1;
    let mut fixture = Fixture::with_window(10_000, 0, rows(1..=many));
    let count = |fixture: &mut Fixture| {
        fixture.wait(1);
        match fixture.stream.next_action(fixture.now) {
            Some(Action::Call { arguments, .. }) => u32::from_le_bytes(arguments[9..13].try_into().unwrap()) as usize,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(count(&mut fixture), MAX_BATCH);
    assert_eq!(count(&mut fixture), 1);

    let large = |id| {
        let mut row = row(id, false);
        row.bytes = [&row.bytes[..], &vec![0; MAX_BATCH_BYTES / 2]].concat().into();
        row
    };
    let mut huge = large(3);
    huge.bytes = [&huge.bytes[..], &vec![0; 2 * MAX_BATCH_BYTES]].concat().into();
    let mut fixture = Fixture::with_window(10_000, 0, vec![large(1), row(2, false), huge, large(4)]);
    for expected in [2, 1, 1] {
        assert_eq!(count(&mut fixture), expected);
    }
}

#[test]
fn the_trouble_of_a_batch_goes_alone() {
    let mut fixture = Fixture::new(3, rows([5, 7, 8, 9]));
    let tokens = fixture.expect(&["process 5 7 8 9 after 3"]);
    fixture.answer(tokens[0], Err("inter_module.batch|8|full"));
    let tokens = fixture.expect(&["process 5 7 after 3", "process 8 after 7", "process 9 after 8"]);
    fixture.answer(tokens[0], Ok(()));
    fixture.answer(tokens[1], Err("inter_module.rejected|full"));
    fixture.answer(tokens[2], Err("inter_module.gap|7"));
    let tokens = fixture.expect(&["acknowledge 5 done, 7 done", "record 8 after 7"]);
    fixture.answer(tokens[1], Ok(()));
    let tokens = fixture.expect(&["process 8 after 8", "process 9 after 8"]);
    fixture.answer(tokens[0], Err("inter_module.failed|full"));
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&["acknowledge 8 failed, 9 done"]);
    let counters = fixture.stream.counters();
    assert_eq!((counters.failed, counters.delivered, counters.duplicates), (1, 3, 0));
}

#[test]
fn when_a_batch_traps_each_message_is_tried_alone_and_only_the_culprit_counts() {
    let mut fixture = Fixture::new(3, rows([5, 7, 8]));
    let tokens = fixture.expect(&["process 5 7 8 after 3"]);
    fixture.answer(tokens[0], Err("fatal"));
    let singly = ["process 5 after 3", "process 7 after 5", "process 8 after 7"];
    let tokens = fixture.expect(&singly);
    fixture.answer(tokens[0], Ok(()));
    fixture.answer(tokens[1], Err("fatal"));
    fixture.answer(tokens[2], Err("inter_module.gap|5"));
    fixture.expect(&["acknowledge 5 done"]);
    for pause in [200, 400, 800] {
        fixture.wait(pause);
        let tokens = fixture.expect(&["process 7 after 5", "process 8 after 7"]);
        fixture.answer(tokens[0], Err("fatal"));
        fixture.answer(tokens[1], Err("inter_module.gap|5"));
    }
    let record = fixture.expect(&["record 7 after 5"]);
    fixture.answer(record[0], Ok(()));
    let tokens = fixture.expect(&["process 7 after 7", "process 8 after 7"]);
    fixture.answer(tokens[0], Err("inter_module.failed|fatal"));
    fixture.answer(tokens[1], Ok(()));
    fixture.expect(&["acknowledge 7 failed, 8 done"]);
}

#[test]
fn the_trouble_of_answers_is_brought_alone_and_the_rest_together() {
    let mut fixture = Fixture::new(3, rows([5, 7, 8]));
    let tokens = fixture.expect(&["process 5 7 8 after 3"]);
    fixture.answer(tokens[0], Ok(()));
    let acks = fixture.expect(&["acknowledge 5 done, 7 done, 8 done"]);
    fixture.answer(acks[0], Err("inter_module.answer|5|no"));
    let acks = fixture.expect(&["acknowledge 5 done", "acknowledge 7 done, 8 done"]);
    fixture.answer(acks[0], Err("inter_module.answer|5|no"));
    fixture.answer(acks[1], Err("fatal"));
    // Nobody said which, so neither is trusted.
    let acks = fixture.expect(&["acknowledge 7 done", "acknowledge 8 done"]);
    fixture.answer(acks[0], Ok(()));
    fixture.answer(acks[1], Ok(()));
    assert_eq!((fixture.stream.counters().acked, fixture.stream.depth()), (2, 1));
    fixture.expect(&[]);
    fixture.wait(400);
    let acks = fixture.expect(&["acknowledge 5 done"]);
    fixture.answer(acks[0], Ok(()));
    assert_eq!(fixture.stream.depth(), 0);
}
