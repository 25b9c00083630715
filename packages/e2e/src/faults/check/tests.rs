//! Books that agree, and every way in which they do not.

use super::*;

fn sent(message_id: u64, token: u64, refusal: &str) -> Sent {
    Sent {
        token,
        message_id,
        owner: 0,
        to: 1,
        item_id: 1,
        quantity: 5,
        answers: 1,
        refusal: refusal.to_string(),
    }
}

fn arrival(number: u64, token: u64) -> Arrival {
    Arrival {
        token,
        sender: 0,
        number,
        item_id: 1,
        quantity: 5,
    }
}

/// Database 0 sent three messages to database 1, which took two of them.
fn books() -> [Book; 2] {
    let full = || ITEMS.iter().map(|item| (*item, MINTED)).collect::<BTreeMap<_, _>>();
    let mut sender = Book {
        sent: vec![
            sent(10, 1, ""),
            sent(11, 2, "test.refused|2"),
            sent(12, 3, ""),
            // Of an owner.
            Sent {
                message_id: 0,
                owner: plan::owners().map(|(owner, _)| owner).next().unwrap(),
                ..sent(13, 4, "")
            },
        ],
        ledger: full(),
        ..Book::default()
    };
    sender.ledger.insert(1, MINTED - 10);
    let mut receiver = Book {
        database: 1,
        arrivals: vec![arrival(1, 1), arrival(2, 3), arrival(3, 4)],
        streams: [(0, 3)].into(),
        ledger: full(),
        ..Book::default()
    };
    receiver.ledger.insert(1, MINTED + 15);
    let owner = ITEMS.iter().map(|item| (*item, OWNED)).collect::<BTreeMap<_, _>>();
    receiver.owners = plan::owners().map(|(id, _)| (id, owner.clone())).collect();
    let first = receiver.owners.values_mut().next().unwrap();
    first.insert(1, OWNED - 5);
    sender.accounts = plan::owners().map(|(id, _)| (id, 1)).collect();
    for book in [&mut sender, &mut receiver] {
        book.shared.insert("identity_role", ["a row".to_string()].into());
    }
    [sender, receiver]
}

fn kinds_of(change: impl Fn(&mut [Book; 2])) -> Vec<Kind> {
    let mut books = books();
    change(&mut books);
    let kinds: BTreeSet<Kind> = check(&books).iter().map(|finding| finding.kind).collect();
    kinds.into_iter().collect()
}

#[test]
fn books_that_agree_are_fine() {
    assert_eq!(check(&books()), Vec::new());
}

#[test]
fn every_harm_is_found() {
    type Change = fn(&mut [Book; 2]);
    let changes: [(&str, &[Kind], Change); 15] = [
        ("an effect twice", &[Kind::Doubled, Kind::Ledger], |[_, receiver]| {
            receiver.arrivals.push(arrival(4, 3));
            receiver.streams.insert(0, 4);
            receiver.ledger.insert(1, MINTED + 20);
        }),
        ("a sender that forgot", &[Kind::Doubled, Kind::Ledger], |[sender, _]| {
            sender.sent.remove(0);
            sender.ledger.insert(1, MINTED - 5);
        }),
        ("given back and taken", &[Kind::Doubled, Kind::Ledger], |[sender, _]| {
            sender.sent[0].refusal = "test.refused|1".into();
            sender.ledger.insert(1, MINTED - 5);
        }),
        ("done, but not there", &[Kind::Lost, Kind::Ledger], |[_, receiver]| {
            receiver.arrivals.pop();
            receiver.streams.insert(0, 2);
            receiver.ledger.insert(1, MINTED + 10);
        }),
        ("never answered", &[Kind::Lost], |[sender, _]| {
            sender.sent[2].answers = 0
        }),
        ("answered twice", &[Kind::Answer], |[sender, _]| {
            sender.sent[2].answers = 2
        }),
        ("another's answer", &[Kind::Answer], |[sender, _]| {
            sender.sent[1].refusal = "test.refused|22".into();
        }),
        ("the wrong order", &[Kind::Disorder], |[sender, _]| {
            sender.sent[0].message_id = 13
        }),
        ("items out of nothing", &[Kind::Ledger], |[_, receiver]| {
            receiver.ledger.insert(2, MINTED + 1);
        }),
        ("an owner who has too much", &[Kind::Ledger], |[_, receiver]| {
            let owner = receiver.owners.values_mut().next().unwrap();
            owner.insert(1, OWNED + 1);
        }),
        (
            "an owner who is nowhere",
            &[Kind::Ledger, Kind::Astray],
            |[_, receiver]| {
                receiver.owners.pop_first();
            },
        ),
        ("an owner whose place is not known", &[Kind::Astray], |[sender, _]| {
            sender.accounts.pop_first();
        }),
        ("something held for nobody", &[Kind::Stuck], |[sender, _]| {
            sender.escrow = 1
        }),
        ("a replica that differs", &[Kind::Replica], |[_, receiver]| {
            receiver.shared.clear()
        }),
        ("a message that waits", &[Kind::Stuck], |[sender, _]| {
            sender.outbox.insert(1, 1);
        }),
    ];
    for (what, expected, change) in changes {
        assert_eq!(kinds_of(change), expected, "{what}");
    }
    let double_text: Change = |[_, receiver]| receiver.texts = vec![1 << 39, 1 << 39];
    assert_eq!(kinds_of(double_text), [Kind::Doubled]);
    let dead_and_taken: Change = |[sender, receiver]| {
        receiver.texts = vec![1 << 39];
        sender.dead_texts = vec![1 << 39];
    };
    assert_eq!(kinds_of(dead_and_taken), [Kind::Doubled]);
}
