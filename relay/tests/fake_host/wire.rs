//! The other side of `v1.bsatn`: requests in, answers out.

use bytes::{BufMut as _, Bytes, BytesMut};
use hexmarch_host::bsatn::{put_bytes, put_text, Reader};
use hexmarch_relay::control;
use hexmarch_relay::wire as relay;
use serde_json::{json, Value};

/// What follows the front of every row: stands for the contents.
const BODY: &[u8] = b"body";
/// The same of a message that no module can read.
const UNREADABLE: &[u8] = b"????";

/// What a client asks.
pub enum Request {
    Call {
        reducer: String,
        arguments: Bytes,
        request: u32,
    },
    Query {
        message_id: Bytes,
        query: String,
    },
    Subscribe {
        query: String,
        request: u32,
        subscription: u32,
    },
}

impl Request {
    pub fn read(bytes: &Bytes) -> Self {
        let mut reader = Reader::new(bytes.clone());
        match reader.u8().unwrap() {
            0 => Self::Call {
                reducer: reader.text().unwrap(),
                arguments: reader.bytes().unwrap(),
                request: reader.u32().unwrap(),
            },
            2 => Self::Query {
                message_id: reader.bytes().unwrap(),
                query: reader.text().unwrap(),
            },
            4 => {
                assert_eq!(
                    reader.u32(),
                    Ok(1),
                    "one query at a time is all that the relay asks for"
                );
                Self::Subscribe {
                    query: reader.text().unwrap(),
                    request: reader.u32().unwrap(),
                    subscription: reader.u32().unwrap(),
                }
            }
            tag => panic!("no client of ours sends {tag}"),
        }
    }
}

/// Arguments of the reducer that takes messages.
pub struct Process {
    pub sender: u8,
    pub previous: u64,
    pub ids: Vec<u64>,
}

impl Process {
    pub fn read(arguments: &Bytes) -> Self {
        let mut reader = Reader::new(arguments.clone());
        let (sender, previous) = (reader.u8().unwrap(), reader.u64().unwrap());
        let mut ids = Vec::new();
        for _ in 0..reader.u32().unwrap() {
            ids.push(reader.u64().unwrap());
            let body = reader.take(2 + BODY.len()).unwrap().slice(2..);
            assert!(body == BODY || body == UNREADABLE, "{body:?}");
        }
        Self { sender, previous, ids }
    }

    /// Whether the host can begin it at all.
    pub fn is_readable(arguments: &Bytes) -> bool {
        !arguments.windows(UNREADABLE.len()).any(|window| window == UNREADABLE)
    }
}

/// Ids in the arguments of the reducer that takes results.
pub fn results(arguments: &Bytes) -> Vec<u64> {
    let mut reader = Reader::new(arguments.clone());
    let mut ids = Vec::new();
    for _ in 0..reader.u32().unwrap() {
        ids.push(reader.u64().unwrap());
        if reader.u8().unwrap() == 1 {
            reader.text().unwrap();
        }
    }
    ids
}

/// Sender and message of the reducer that records failures.
pub fn failure(arguments: &Bytes) -> (u8, u64) {
    let mut reader = Reader::new(arguments.clone());
    let (sender, _previous) = (reader.u8().unwrap(), reader.u64().unwrap());
    (sender, reader.u64().unwrap())
}

/// A row of the outbox.
pub fn row(id: u64, to: u8) -> Bytes {
    row_with(id, to, BODY)
}

/// One that no module can read.
pub fn unreadable_row(id: u64, to: u8) -> Bytes {
    row_with(id, to, UNREADABLE)
}

fn row_with(id: u64, to: u8, body: &[u8]) -> Bytes {
    let mut out = BytesMut::new();
    out.put_u64_le(id);
    out.put_u8(to);
    out.put_u8(0);
    out.put_slice(body);
    out.freeze()
}

/// A row of the inbox.
pub fn counter(from: u8, id: u64) -> Bytes {
    let mut out = BytesMut::new();
    out.put_u8(from);
    out.put_u64_le(id);
    out.freeze()
}

/// The row in which a database says which it is.
pub fn place(index: u8) -> Bytes {
    let mut out = BytesMut::new();
    out.put_i32_le(0);
    out.put_u64_le(77);
    out.put_u32_le(1);
    out.put_u8(index);
    out.freeze()
}

/// In hexadecimal digits.
pub fn identity(is_owner: bool) -> String {
    if is_owner { "11" } else { "22" }.repeat(32)
}

fn identity_bytes(is_owner: bool) -> [u8; 32] {
    if is_owner {
        [0x11; 32]
    } else {
        [0x22; 32]
    }
}

fn message(tag: u8) -> BytesMut {
    const UNCOMPRESSED: u8 = 0;
    let mut out = BytesMut::new();
    out.put_u8(UNCOMPRESSED);
    out.put_u8(tag);
    out
}

pub fn hello(is_owner: bool, connection: u64) -> Bytes {
    let mut out = message(3);
    out.put_slice(&identity_bytes(is_owner));
    put_text(&mut out, "token");
    out.put_u128_le(connection.into());
    out.freeze()
}

fn put_rows(out: &mut BytesMut, rows: &[Bytes]) {
    const OFFSETS: u8 = 1;
    out.put_u8(OFFSETS);
    out.put_u32_le(rows.len() as u32);
    let mut at = 0;
    for row in rows {
        out.put_u64_le(at);
        at += row.len() as u64;
    }
    put_bytes(out, &rows.concat());
}

fn put_table(out: &mut BytesMut, table: &str, deletes: &[Bytes], inserts: &[Bytes]) {
    out.put_u32_le(1);
    put_text(out, table);
    out.put_u64_le((deletes.len() + inserts.len()) as u64);
    out.put_u32_le(1);
    out.put_u8(0);
    put_rows(out, deletes);
    put_rows(out, inserts);
}

/// A transaction of somebody else.
pub fn light(table: &str, deletes: &[Bytes], inserts: &[Bytes]) -> Bytes {
    let mut out = message(2);
    out.put_u32_le(0);
    out.put_u32_le(1);
    put_table(&mut out, table, deletes, inserts);
    out.freeze()
}

fn transaction(
    reducer: &str,
    arguments: &[u8],
    request: u32,
    ran: bool,
    error: Option<&str>,
    connection: u64,
) -> Bytes {
    let mut out = message(1);
    match error {
        None => {
            out.put_u8(0);
            out.put_u32_le(0);
        }
        Some(error) => {
            out.put_u8(1);
            put_text(&mut out, error);
        }
    }
    out.put_u64_le(0);
    out.put_slice(&identity_bytes(true));
    out.put_u128_le(connection.into());
    put_text(&mut out, reducer);
    out.put_u32_le(0);
    put_bytes(&mut out, arguments);
    out.put_u32_le(request);
    out.put_u128_le(u128::from(ran));
    out.put_u64_le(u64::from(ran));
    out.freeze()
}

/// The answer to a call. As on version 1.3.0, an error does not say to which.
pub fn called(reducer: &str, arguments: &[u8], request: u32, outcome: Result<(), String>, connection: u64) -> Bytes {
    match outcome {
        Ok(()) => transaction(reducer, arguments, request, true, None, connection),
        Err(error) => transaction(reducer, arguments, 0, true, Some(&error), connection),
    }
}

/// The answer to anything that the host could not begin.
pub fn not_begun(reducer: &str, error: &str, connection: u64) -> Bytes {
    transaction(reducer, &[], 0, false, Some(error), connection)
}

pub fn queried(message_id: &[u8], rows: Result<(String, Vec<Bytes>), String>) -> Bytes {
    let mut out = message(4);
    put_bytes(&mut out, message_id);
    match rows {
        Ok((table, rows)) => {
            out.put_u8(1);
            out.put_u32_le(1);
            put_text(&mut out, &table);
            put_rows(&mut out, &rows);
        }
        Err(error) => {
            out.put_u8(0);
            put_text(&mut out, &error);
            out.put_u32_le(0);
        }
    }
    out.put_u64_le(0);
    out.freeze()
}

pub fn subscribed(request: u32, subscription: u32, rows: Result<(String, Vec<Bytes>), String>) -> Bytes {
    match rows {
        Ok((table, rows)) => {
            let mut out = message(8);
            out.put_u32_le(request);
            out.put_u64_le(0);
            out.put_u32_le(subscription);
            out.put_u32_le(1);
            put_table(&mut out, &table, &[], &rows);
            out.freeze()
        }
        Err(error) => {
            let mut out = message(7);
            out.put_u64_le(0);
            out.put_u8(0);
            out.put_u32_le(request);
            out.put_u8(0);
            out.put_u32_le(subscription);
            out.put_u8(1);
            put_text(&mut out, &error);
            out.freeze()
        }
    }
}

/// The schema of a module of ours; older ones know nothing of pauses and dead letters.
pub fn schema(outbox: &str, is_new: bool) -> Value {
    let column = |(name, kind): &(&str, &str)| json!({ "name": { "some": name }, "algebraic_type": { *kind: [] } });
    let product =
        |columns: &[(&str, &str)]| json!({ "Product": { "elements": columns.iter().map(column).collect::<Vec<_>>() } });
    let mut tables = vec![
        json!({ "name": outbox, "product_type_ref": 0 }),
        json!({ "name": relay::COUNTER_TABLE, "product_type_ref": 1 }),
        json!({ "name": relay::PLACE_TABLE, "product_type_ref": 2 }),
    ];
    let mut reducers = vec![
        relay::PROCESS_REDUCER,
        relay::RECORD_FAILURE_REDUCER,
        relay::ACKNOWLEDGE_REDUCER,
    ];
    if is_new {
        let operators = [control::PAUSE_TABLE, control::DEAD_LETTER_TABLE, control::ESCROW_TABLE];
        tables.extend(operators.map(|name| json!({ "name": name, "product_type_ref": 0 })));
        reducers.extend([control::PAUSE_REDUCER, control::RETRY_REDUCER, control::DISCARD_REDUCER]);
    }
    json!({
        "typespace": { "types": [
            product(&[("id", "U64"), ("to", "U8"), ("durable", "Bool")]),
            product(&[("module_id", "U8"), ("last_processed_message_id", "U64")]),
            product(&[("version", "I32"), ("entity_pk_counter", "U64"), ("dimension_counter", "U32"), ("region_index", "U8")]),
        ] },
        "tables": tables,
        "reducers": reducers.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
    })
}
