//! The host's own types encode, this module decodes, and the other way round.

use super::*;
use spacetimedb_client_api_messages::energy::EnergyQuanta;
use spacetimedb_client_api_messages::websocket as host;
use spacetimedb_lib::{bsatn, ConnectionId, Identity, TimeDuration, Timestamp};

type Format = host::BsatnFormat;

fn encode(message: host::ServerMessage<Format>) -> Bytes {
    let mut bytes = vec![host::SERVER_MSG_COMPRESSION_TAG_NONE];
    bytes.extend(bsatn::to_vec(&message).unwrap());
    bytes.into()
}

fn list(rows: &[&str]) -> host::BsatnRowList {
    let mut list = host::BsatnRowListBuilder::row_offsets();
    rows.iter()
        .for_each(|row| list.push(&bsatn::to_vec(&row.to_string()).unwrap()));
    list.finish()
}

fn numbers(rows: &[u32]) -> host::BsatnRowList {
    let mut list = host::BsatnRowListBuilder::fixed(4);
    rows.iter().for_each(|row| list.push(&row.to_le_bytes()));
    list.finish()
}

fn update() -> host::DatabaseUpdate<Format> {
    let change = |deletes, inserts| host::SingleQueryUpdate {
        update: host::CompressableQueryUpdate::Uncompressed(host::QueryUpdate { deletes, inserts }),
        num_rows: 3,
    };
    let mut words = host::TableUpdate::new(1.into(), "words".into(), change(list(&["a"]), list(&["", "bc"])));
    words.push(change(list(&[]), list(&["d"])));
    let numbers = host::TableUpdate::new(2.into(), "numbers".into(), change(numbers(&[]), numbers(&[5, 6])));
    host::DatabaseUpdate {
        tables: vec![words, numbers],
    }
}

fn expected() -> Vec<TableRows> {
    let text = |text: &str| Bytes::from(bsatn::to_vec(&text.to_owned()).unwrap());
    let number = |number: u32| Bytes::from(number.to_le_bytes().to_vec());
    vec![
        TableRows {
            table: "words".into(),
            inserts: vec![text(""), text("bc"), text("d")],
            deletes: vec![text("a")],
        },
        TableRows {
            table: "numbers".into(),
            inserts: vec![number(5), number(6)],
            deletes: vec![],
        },
    ]
}

fn transaction(status: host::UpdateStatus<Format>) -> Bytes {
    encode(host::ServerMessage::TransactionUpdate(host::TransactionUpdate {
        status,
        timestamp: Timestamp::UNIX_EPOCH,
        caller_identity: Identity::ZERO,
        caller_connection_id: ConnectionId::from_u128(0x0102),
        reducer_call: host::ReducerCallInfo {
            reducer_name: "walk".into(),
            reducer_id: 3,
            args: vec![1, 2, 3].into(),
            request_id: 77,
        },
        energy_quanta_used: EnergyQuanta { quanta: 9 },
        total_host_execution_duration: TimeDuration::from_micros(5),
    }))
}

#[test]
fn decodes_a_reducer_call() {
    let check = |from: host::UpdateStatus<Format>, to: Status| {
        let caller = 0x0102_u128.to_le_bytes();
        let arguments = Bytes::from_static(&[1, 2, 3]);
        let reducer = "walk".into();
        let expected = ServerMessage::Transaction {
            status: to,
            caller,
            reducer,
            arguments,
            request: 77,
            ran: true,
        };
        assert_eq!(ServerMessage::decode(transaction(from)), Ok(expected));
    };
    check(host::UpdateStatus::Committed(update()), Status::Committed(expected()));
    check(host::UpdateStatus::Failed("no".into()), Status::Failed("no".into()));
    check(host::UpdateStatus::OutOfEnergy, Status::OutOfEnergy);
}

#[test]
fn decodes_the_rest() {
    let check = |from: host::ServerMessage<Format>, to: ServerMessage| {
        assert_eq!(ServerMessage::decode(encode(from)), Ok(to));
    };
    check(
        host::ServerMessage::TransactionUpdateLight(host::TransactionUpdateLight {
            request_id: 1,
            update: update(),
        }),
        ServerMessage::LightTransaction(expected()),
    );
    check(
        host::ServerMessage::IdentityToken(host::IdentityToken {
            identity: Identity::from_byte_array([7; 32]),
            token: "t".into(),
            connection_id: ConnectionId::from_u128(1),
        }),
        ServerMessage::Hello {
            identity: [7; 32],
            token: "t".into(),
            connection: 1_u128.to_le_bytes(),
        },
    );
    check(
        host::ServerMessage::SubscribeMultiApplied(host::SubscribeMultiApplied {
            request_id: 4,
            total_host_execution_duration_micros: 1,
            query_id: host::QueryId::new(2),
            update: update(),
        }),
        ServerMessage::Rows {
            request: 4,
            tables: expected(),
        },
    );
    check(
        host::ServerMessage::SubscriptionError(host::SubscriptionError {
            total_host_execution_duration_micros: 1,
            request_id: Some(8),
            query_id: None,
            table_id: None,
            error: "bad".into(),
        }),
        ServerMessage::SubscriptionError {
            request: Some(8),
            error: "bad".into(),
        },
    );
    check(
        host::ServerMessage::OneOffQueryResponse(host::OneOffQueryResponse {
            message_id: vec![1, 0, 0, 0].into(),
            error: None,
            tables: vec![host::OneOffTable {
                table_name: "words".into(),
                rows: list(&["a"]),
            }]
            .into(),
            total_host_execution_duration: TimeDuration::from_micros(5),
        }),
        ServerMessage::QueryAnswer {
            message_id: Bytes::from_static(&[1, 0, 0, 0]),
            result: Ok(vec![TableRows {
                table: "words".into(),
                inserts: vec![Bytes::from_static(&[1, 0, 0, 0, b'a'])],
                deletes: vec![],
            }]),
        },
    );
}

#[test]
fn encodes_what_the_host_decodes() {
    let decode = |bytes: Bytes| bsatn::from_slice::<host::ClientMessage<Box<[u8]>>>(&bytes).unwrap();
    match decode(encode_call("walk", &[1, 2], 9)) {
        host::ClientMessage::CallReducer(call) => {
            assert_eq!((&*call.reducer, &*call.args, call.request_id), ("walk", &[1, 2][..], 9));
            assert!(call.flags == host::CallReducerFlags::FullUpdate);
        }
        _ => panic!("not a call"),
    }
    match decode(encode_subscribe(&["a", "b"], 5, 6)) {
        host::ClientMessage::SubscribeMulti(message) => {
            assert_eq!(&*message.query_strings, &["a".into(), "b".into()]);
            assert_eq!((message.request_id, message.query_id.id), (5, 6));
        }
        _ => panic!("not a subscription"),
    }
    match decode(encode_unsubscribe(5, 6)) {
        host::ClientMessage::UnsubscribeMulti(message) => {
            assert_eq!((message.request_id, message.query_id.id), (5, 6));
        }
        _ => panic!("not the end of a subscription"),
    }
    match decode(encode_query("q", 258)) {
        host::ClientMessage::OneOffQuery(message) => {
            assert_eq!((&*message.message_id, &*message.query_string), (&[2, 1, 0, 0][..], "q"));
        }
        _ => panic!("not a query"),
    }
}

#[test]
fn every_truncation_is_an_error() {
    let whole = transaction(host::UpdateStatus::Committed(update()));
    // Of energy and duration at the end, the latter is only read when the former is zero.
    for end in 0..whole.len() - 8 {
        assert!(ServerMessage::decode(whole.slice(..end)).is_err(), "cut at {end}");
    }
}

#[test]
fn splits_rows_and_refuses_contradictions() {
    let check = |hint: SizeHint, data: &'static [u8], rows: Option<&[&[u8]]>| {
        let got = split_rows(&hint, &Bytes::from_static(data)).ok();
        let got = got
            .as_ref()
            .map(|rows| rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
        assert_eq!(got.as_deref(), rows, "{hint:?} {data:?}");
    };
    check(SizeHint::Fixed(2), b"", Some(&[]));
    check(SizeHint::Fixed(2), b"abcd", Some(&[b"ab", b"cd"]));
    check(SizeHint::Fixed(2), b"abc", None);
    check(SizeHint::Fixed(0), b"", Some(&[]));
    check(SizeHint::Fixed(0), b"a", None);
    check(SizeHint::Offsets(vec![]), b"", Some(&[]));
    check(SizeHint::Offsets(vec![0, 1, 1]), b"abc", Some(&[b"a", b"", b"bc"]));
    check(SizeHint::Offsets(vec![0, 2, 1]), b"abc", None);
    check(SizeHint::Offsets(vec![0, 9]), b"abc", None);
    check(SizeHint::Offsets(vec![u64::MAX]), b"abc", None);
}
