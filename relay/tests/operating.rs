//! A whole relay in this process against a host that a test spoils: pausing, databases that come, change and go, and
//! what is said of each fault.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the host is part of the test, also outside of test functions"
)]

mod fake_host;

use std::time::Duration;

use fake_host::{name, Fake, FakeHost, Faults, OTHER_TOKEN, PATIENCE};
use hexmarch_host::Token;
use hexmarch_relay::check;
use hexmarch_relay::config::{Config, Database, LogFormat};
use hexmarch_relay::engine::{Changes, Engine};
use hexmarch_relay::status::{State, Status};

fn config(databases: Vec<Database>) -> Config {
    Config {
        databases,
        hold: Duration::from_millis(1200),
        window: 8,
        listen: None,
        log: LogFormat::Human,
        drain: Duration::from_secs(5),
        hash: String::new(),
    }
}

/// The board tells nobody that it changes, so it is looked at again and again.
async fn until(engine: &Engine, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
    let board = engine.board();
    let reached = async {
        loop {
            let status = board.status();
            if wanted(&status) {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, reached).await {
        Ok(status) => status,
        Err(_) => panic!("not {what}: {:#?}", board.status()),
    }
}

fn stream(status: &Status, from: u8, to: u8) -> Option<&hexmarch_relay::status::StreamView> {
    status
        .streams
        .iter()
        .find(|stream| (stream.from, stream.to) == (from, to))
}

fn delivered(ids: &'static [u64]) -> impl Fn(&Fake) -> bool {
    move |fake| fake.delivered == ids
}

#[tokio::test]
async fn a_paused_stream_waits_while_others_go() {
    let host = FakeHost::start(&[0, 1, 2]).await;
    host.set_paused(1, 2, true);
    host.set_paused(1, 9, true);
    host.send(1, 10, 2);
    let engine = Engine::start(&config([0, 1, 2].map(|index| host.database(index)).to_vec()));
    host.send(1, 11, 0);
    host.until(0, "delivered", delivered(&[11])).await;
    let status = until(&engine, "acknowledged", |status| {
        stream(status, 1, 0).is_some_and(|stream| stream.counters.acked == 1)
    })
    .await;
    let paused = stream(&status, 1, 2).unwrap();
    assert_eq!((paused.paused, paused.depth, paused.counters.delivered), (true, 1, 0));
    host.set_paused(1, 2, false);
    host.until(2, "delivered", delivered(&[10])).await;
    // And paused again while it runs, also towards a database to which nothing went before.
    host.set_paused(2, 8, true);
    host.set_paused(1, 2, true);
    host.set_paused(2, 0, true);
    let status = until(&engine, "paused", |status| {
        [(1, 2), (2, 0)]
            .iter()
            .all(|(from, to)| stream(status, *from, *to).is_some_and(|stream| stream.paused))
    })
    .await;
    // There are no such destinations, and no series are made of them.
    assert!([(1, 9), (2, 8)]
        .iter()
        .all(|(from, to)| stream(&status, *from, *to).is_none()));
    // But once there are messages for one they are seen to wait.
    host.send(1, 15, 9);
    let status = until(&engine, "seen", |status| {
        stream(status, 1, 9).is_some_and(|stream| stream.depth == 1)
    })
    .await;
    assert!(stream(&status, 1, 9).unwrap().paused);
    host.send(1, 12, 2);
    host.send(2, 13, 0);
    host.send(1, 14, 0);
    host.until(0, "delivered", delivered(&[11, 14])).await;
    host.with(2, |fake| assert_eq!(fake.delivered, [10]));
    host.set_paused(1, 2, false);
    host.set_paused(2, 0, false);
    host.until(2, "delivered", delivered(&[10, 12])).await;
    host.until(0, "delivered", delivered(&[11, 14, 13])).await;
    assert!(engine.stop(PATIENCE).await);
}

#[tokio::test]
async fn a_module_that_knows_no_pauses_is_served() {
    let host = FakeHost::start(&[0, 1]).await;
    host.with(1, |fake| fake.faults.no_pauses = true);
    host.send(1, 10, 0);
    let engine = Engine::start(&config(vec![host.database(0), host.database(1)]));
    host.until(0, "delivered", delivered(&[10])).await;
    let report = check::connect(&config(vec![host.database(0), host.database(1)])).await;
    assert_eq!(report.faults, []);
    assert!(
        report.notes[0].starts_with("the modules of databases 1 are older"),
        "{report:?}"
    );
    let status = until(&engine, "counted", |status| status.databases[0].dead_letters.is_some()).await;
    assert_eq!(status.databases[0].dead_letters, Some(2));
}

#[tokio::test]
async fn a_publish_is_noticed_without_any_message() {
    let host = FakeHost::start(&[0, 1]).await;
    let engine = Engine::start(&config(vec![host.database(0), host.database(1)]));
    until(&engine, "ready", |status| status.ready).await;
    host.with(1, |fake| fake.faults.published = true);
    let status = until(&engine, "connected anew", |status| {
        status.ready && status.databases[1].reconnects == 1
    })
    .await;
    let error = status.databases[1].last_error.as_deref().unwrap();
    assert!(error.contains("no such module"), "{error}");
    assert_eq!(
        (status.databases[0].reconnects, status.databases[1].connection_failures),
        (0, 0)
    );
}

#[tokio::test]
async fn databases_come_change_and_go_while_it_runs() {
    let host = FakeHost::start(&[0, 1, 2]).await;
    let mut engine = Engine::start(&config(vec![host.database(0), host.database(1)]));
    host.send(1, 10, 2);
    let waiting = |status: &Status| status.ready && status.undeliverable.iter().any(|entry| entry.to == 2);
    until(&engine, "waiting for a database that is not configured", waiting).await;
    let all = [0, 1, 2].map(|index| host.database(index)).to_vec();
    let added = Changes {
        added: vec![2],
        ..Changes::default()
    };
    assert_eq!(engine.apply(&config(all.clone())), added);
    host.until(2, "delivered", delivered(&[10])).await;
    assert_eq!(engine.apply(&config(all.clone())), Changes::default());

    // A token that the host does not know: only that database is connected anew, in vain, and then well again.
    let mut changed = all.clone();
    changed[2].token = Token::new("wrong").unwrap();
    let reconnected = Changes {
        reconnected: vec![2],
        ..Changes::default()
    };
    assert_eq!(engine.apply(&config(changed)), reconnected);
    until(&engine, "refused", |status| status.databases[2].state == State::Waiting).await;
    assert_eq!(engine.apply(&config(all)), reconnected);
    until(&engine, "ready", |status| status.ready).await;
    for index in [0, 1] {
        host.with(index, |fake| assert_eq!(fake.connections, 1));
    }

    let removed = Changes {
        removed: vec![1],
        ..Changes::default()
    };
    assert_eq!(engine.apply(&config(vec![host.database(0), host.database(2)])), removed);
    until(&engine, "gone", |status| {
        status.databases.iter().all(|database| database.index != 1)
    })
    .await;
    host.send(2, 20, 0);
    host.until(0, "delivered", delivered(&[20])).await;
    assert!(stream(&engine.board().status(), 1, 2).is_none());
    // And back at once, while the one before may still be leaving.
    engine.apply(&config(vec![host.database(0)]));
    engine.apply(&config(vec![host.database(0), host.database(2)]));
    host.send(2, 21, 0);
    host.until(0, "delivered", delivered(&[20, 21])).await;
    assert!(engine.stop(PATIENCE).await);
}

/// What `check-config --connect` says of a database, and what a running relay says.
async fn faults(database: Database) -> [String; 2] {
    let config = config(vec![database]);
    let report = check::connect(&config).await;
    let said: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let engine = Engine::start(&config);
    let status = until(&engine, "refused", |status| status.databases[0].last_error.is_some()).await;
    assert!(!status.ready);
    [
        said.join("; "),
        status.databases[0].last_error.clone().unwrap_or_default(),
    ]
}

/// Both say the same.
async fn check(database: Database, expected: &str) {
    for said in faults(database).await {
        assert_eq!(said, expected);
    }
}

#[tokio::test]
async fn says_which_address_token_or_name_is_wrong() {
    let host = FakeHost::start(&[1]).await;
    let wrong = |change: &dyn Fn(&mut Database)| {
        let mut database = host.database(1);
        change(&mut database);
        database
    };
    let url = host.url();
    check(
        wrong(&|database| database.token = Token::new("wrong").unwrap()),
        &format!(
            "database 1 ('db-1'): {url} does not accept the token in token (TokenError(InvalidToken)): it is another \
             host's or has expired; put the token of the database's owner there"
        ),
    )
    .await;
    check(
        wrong(&|database| database.name = name(9)),
        &format!("database 1 ('db-9'): there is none of that name on {url}; publish it, or correct name or url"),
    )
    .await;
    // Whether the module lets them in at all or not.
    for refuses_others in [false, true] {
        host.with(1, |fake| fake.faults.refuses_others = refuses_others);
        check(
            wrong(&|database| database.token = Token::new(OTHER_TOKEN).unwrap()),
            "database 1 ('db-1'): the token in token is not its owner's, and only the owner may read the outbox; put the \
             token there with which the database was published",
        )
        .await;
    }
    // Port 1 is privileged and never listened on.
    for said in faults(wrong(&|database| database.url = "http://127.0.0.1:1".parse().unwrap())).await {
        assert!(
            said.starts_with("database 1 ('db-1'): no host answers at http://127.0.0.1:1 ("),
            "{said}"
        );
        assert!(said.ends_with("; start it, or correct url"), "{said}");
    }
}

#[tokio::test]
async fn says_what_is_wrong_with_a_database() {
    let host = FakeHost::start(&[1]).await;
    let spoil = |faults: Faults| host.with(1, |fake| fake.faults = faults);
    spoil(Faults {
        no_outbox: true,
        ..Faults::default()
    });
    check(
        host.database(1),
        "database 1 ('db-1'): its module has no table inter_module_message that begins with id, to, durable, so it is none \
         that this relay serves, or one of another version; publish the right module, or correct name",
    )
    .await;
    spoil(Faults {
        no_role: true,
        ..Faults::default()
    });
    let identity = "11".repeat(32);
    check(
        host.database(1),
        &format!(
            "database 1 ('db-1'): the identity of the token in token lacks the role for this; give it with 'hexmarch admin \
             role {identity} relay'"
        ),
    )
    .await;
    spoil(Faults {
        not_configured: true,
        ..Faults::default()
    });
    check(
        host.database(1),
        "database 1 ('db-1'): it has no settings and refuses everything; load them with 'hexmarch admin load-config ENV'",
    )
    .await;
}

#[tokio::test]
async fn a_database_is_not_served_as_another() {
    let host = FakeHost::start(&[1, 2]).await;
    host.with(1, |fake| fake.faults.own_index = Some(7));
    check(
        host.database(1),
        "database 1 ('db-1'): it is database 7 of its world, not 1; correct index or name",
    )
    .await;
    host.with(1, |fake| fake.faults.own_index = Some(0));
    for said in faults(host.database(1)).await {
        assert!(said.contains("as a region does that nobody has set up"), "{said}");
    }
    // Two configurations for one region.
    host.with(1, |fake| fake.faults.own_index = Some(2));
    let report = check::connect(&config(vec![host.database(1), host.database(2)])).await;
    let said: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    let expected = [
        "database 1 ('db-1'): it is database 2 of its world, not 1; correct index or name",
        "databases 1 ('db-1') and 2 ('db-2') are one and the same; remove one of the two",
    ];
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_message_that_its_destination_cannot_read_fails_and_stops_no_other() {
    let host = FakeHost::start(&[0, 1]).await;
    for id in [10, 11, 13, 14] {
        host.send(1, id, 0);
    }
    host.put(1, 12, fake_host::wire::unreadable_row(12, 0));
    let engine = Engine::start(&config(vec![host.database(0), host.database(1)]));
    host.until(0, "delivered", delivered(&[10, 11, 13, 14])).await;
    host.until(1, "acknowledged", Fake::is_done).await;
    host.with(0, |fake| {
        assert_eq!((fake.failed.as_slice(), fake.connections), (&[12][..], 1))
    });
    let status = engine.board().status();
    assert_eq!(stream(&status, 1, 0).unwrap().counters.failed, 1);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named() {
    let host = FakeHost::start(&[0, 1]).await;
    let engine = Engine::start(&config(vec![host.database(0), host.database(1)]));
    until(&engine, "ready", |status| status.ready).await;
    host.put(1, 5, bytes::Bytes::from_static(b"short"));
    let status = until(&engine, "told", |status| status.databases[1].last_error.is_some()).await;
    let expected =
        "database 1 ('db-1'): a row of inter_module_message cannot be read (ends 3 bytes short at byte 0), so its \
                    module and this relay are not of one version; upgrade the older of the two";
    assert_eq!(status.databases[1].last_error.as_deref(), Some(expected));
    assert_eq!(status.databases[0].state, State::Live);
}
