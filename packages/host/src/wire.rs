//! The messages of `v1.bsatn.spacetimedb`, as far as this crate sends or understands them.
//!
//! Decoded by hand, not with the host's own types, for three reasons: those unpack row lists with unchecked slices,
//! copy every row once more, and bring the whole type system of the database into every tool. The tests hold this
//! module against the host's own encoding.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::bsatn::{put_bytes, put_text, BsatnError, Reader};

/// The websocket subprotocol to ask for.
pub(crate) const PROTOCOL: &str = "v1.bsatn.spacetimedb";

/// The smallest table update: id, empty name, count, no queries. Bounds how many a length may promise.
const MIN_TABLE_BYTES: usize = 4 + 4 + 8 + 4;

/// The rows of one table that came, or went, in one transaction. A row that changed is both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    /// The table's name.
    pub table: String,
    /// Rows added, each as BSATN.
    pub inserts: Vec<Bytes>,
    /// Rows removed, each as BSATN.
    pub deletes: Vec<Bytes>,
}

/// How a reducer call ended, with the rows that it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    Committed(Vec<TableRows>),
    Failed(String),
    OutOfEnergy,
}

/// A message from the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServerMessage {
    Hello {
        identity: [u8; 32],
        token: String,
        connection: [u8; 16],
    },
    Transaction {
        status: Status,
        /// The connection that made the call; request ids are only unique within it.
        caller: [u8; 16],
        reducer: String,
        arguments: Bytes,
        /// The caller's request id; 0 where the host does not say.
        request: u32,
        /// Whether the reducer ran at all: it used energy or time.
        ran: bool,
    },
    LightTransaction(Vec<TableRows>),
    /// The answer to a subscription or to its end.
    Rows {
        request: u32,
        tables: Vec<TableRows>,
    },
    SubscriptionError {
        request: Option<u32>,
        error: String,
    },
    QueryAnswer {
        message_id: Bytes,
        result: Result<Vec<TableRows>, String>,
    },
    /// An answer to something this crate never asks.
    Other(&'static str),
}

impl ServerMessage {
    /// Reads one binary websocket message.
    pub(crate) fn decode(bytes: Bytes) -> Result<Self, BsatnError> {
        let mut reader = Reader::new(bytes);
        match reader.u8()? {
            0 => {}
            tag => {
                return Err(BsatnError::Tag {
                    what: "compression, though none was asked for",
                    tag,
                })
            }
        }
        match reader.u8()? {
            0 => Ok(Self::Other("InitialSubscription")),
            1 => transaction(&mut reader),
            2 => {
                let _request = reader.u32()?;
                tables(&mut reader).map(Self::LightTransaction)
            }
            3 => {
                let identity = reader.array()?;
                Ok(Self::Hello {
                    identity,
                    token: reader.text()?,
                    connection: reader.array()?,
                })
            }
            4 => query_answer(&mut reader),
            5 => Ok(Self::Other("SubscribeApplied")),
            6 => Ok(Self::Other("UnsubscribeApplied")),
            7 => {
                let _micros = reader.u64()?;
                let request = reader.option(Reader::u32)?;
                let _query = reader.option(Reader::u32)?;
                let _table = reader.option(Reader::u32)?;
                Ok(Self::SubscriptionError {
                    request,
                    error: reader.text()?,
                })
            }
            8 | 9 => {
                let request = reader.u32()?;
                let (_micros, _query) = (reader.u64()?, reader.u32()?);
                Ok(Self::Rows {
                    request,
                    tables: tables(&mut reader)?,
                })
            }
            tag => Err(BsatnError::Tag {
                what: "server message",
                tag,
            }),
        }
    }
}

fn transaction(reader: &mut Reader) -> Result<ServerMessage, BsatnError> {
    let status = match reader.u8()? {
        0 => Status::Committed(tables(reader)?),
        1 => Status::Failed(reader.text()?),
        2 => Status::OutOfEnergy,
        tag => {
            return Err(BsatnError::Tag {
                what: "transaction status",
                tag,
            })
        }
    };
    let _timestamp = reader.u64()?;
    let _identity: [u8; 32] = reader.array()?;
    let caller = reader.array()?;
    let reducer = reader.text()?;
    let _reducer_id = reader.u32()?;
    let (arguments, request) = (reader.bytes()?, reader.u32()?);
    let energy: [u8; 16] = reader.array()?;
    let ran = energy != [0; 16] || reader.u64()? != 0;
    Ok(ServerMessage::Transaction {
        status,
        caller,
        reducer,
        arguments,
        request,
        ran,
    })
}

fn query_answer(reader: &mut Reader) -> Result<ServerMessage, BsatnError> {
    let message_id = reader.bytes()?;
    let error = reader.option(Reader::text)?;
    let count = reader.count(MIN_TABLE_BYTES / 2)?;
    let mut answer = Vec::with_capacity(count);
    for _ in 0..count {
        let table = reader.text()?;
        answer.push(TableRows {
            table,
            inserts: row_list(reader)?,
            deletes: Vec::new(),
        });
    }
    Ok(ServerMessage::QueryAnswer {
        message_id,
        result: error.map_or(Ok(answer), Err),
    })
}

fn tables(reader: &mut Reader) -> Result<Vec<TableRows>, BsatnError> {
    let count = reader.count(MIN_TABLE_BYTES)?;
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        let _table_id = reader.u32()?;
        let table = reader.text()?;
        let _row_count = reader.u64()?;
        let mut rows = TableRows {
            table,
            inserts: Vec::new(),
            deletes: Vec::new(),
        };
        for _ in 0..reader.u32()? {
            match reader.u8()? {
                0 => {}
                tag => {
                    return Err(BsatnError::Tag {
                        what: "compression of rows, though none was asked for",
                        tag,
                    })
                }
            }
            rows.deletes.append(&mut row_list(reader)?);
            rows.inserts.append(&mut row_list(reader)?);
        }
        all.push(rows);
    }
    Ok(all)
}

/// How the host says where one row ends and the next begins.
#[derive(Debug)]
enum SizeHint {
    /// Every row has this many bytes.
    Fixed(u16),
    /// Where each row starts; it ends where the next one does.
    Offsets(Vec<u64>),
}

fn row_list(reader: &mut Reader) -> Result<Vec<Bytes>, BsatnError> {
    let hint = match reader.u8()? {
        0 => SizeHint::Fixed(reader.u16()?),
        1 => {
            let count = reader.count(8)?;
            let mut offsets = Vec::with_capacity(count);
            for _ in 0..count {
                offsets.push(reader.u64()?);
            }
            SizeHint::Offsets(offsets)
        }
        tag => {
            return Err(BsatnError::Tag {
                what: "row size hint",
                tag,
            })
        }
    };
    split_rows(&hint, &reader.bytes()?)
}

fn split_rows(hint: &SizeHint, data: &Bytes) -> Result<Vec<Bytes>, BsatnError> {
    match hint {
        SizeHint::Fixed(0) if data.is_empty() => Ok(Vec::new()),
        SizeHint::Fixed(0) => Err(BsatnError::RowList("rows of no size, but bytes")),
        SizeHint::Fixed(size) => {
            let size = usize::from(*size);
            if !data.len().is_multiple_of(size) {
                return Err(BsatnError::RowList("the bytes are no whole number of rows"));
            }
            Ok((0..data.len())
                .step_by(size)
                .map(|start| data.slice(start..start.saturating_add(size)))
                .collect())
        }
        SizeHint::Offsets(offsets) => {
            let mut rows = Vec::with_capacity(offsets.len());
            let mut starts = offsets.iter().peekable();
            while let Some(start) = starts.next() {
                let end = starts.peek().map_or(data.len() as u64, |next| **next);
                if *start > end || end > data.len() as u64 {
                    return Err(BsatnError::RowList("an offset is out of order or out of bounds"));
                }
                // Both fit, being at most the length of something in memory.
                rows.push(data.slice(*start as usize..end as usize));
            }
            Ok(rows)
        }
    }
}

/// A reducer call, to be answered whether or not a subscribed row changed.
pub(crate) fn encode_call(reducer: &str, arguments: &[u8], request: u32) -> Bytes {
    const TAG: u8 = 0;
    const FULL_UPDATE: u8 = 0;
    let mut out = BytesMut::with_capacity(reducer.len().saturating_add(arguments.len()).saturating_add(16));
    out.put_u8(TAG);
    put_text(&mut out, reducer);
    put_bytes(&mut out, arguments);
    out.put_u32_le(request);
    out.put_u8(FULL_UPDATE);
    out.freeze()
}

/// One query, answered once.
pub(crate) fn encode_query(query: &str, request: u32) -> Bytes {
    const TAG: u8 = 2;
    let mut out = BytesMut::new();
    out.put_u8(TAG);
    put_bytes(&mut out, &request.to_le_bytes());
    put_text(&mut out, query);
    out.freeze()
}

/// A subscription to several queries at once; `subscription` names it later.
pub(crate) fn encode_subscribe(queries: &[&str], request: u32, subscription: u32) -> Bytes {
    const TAG: u8 = 4;
    let mut out = BytesMut::new();
    out.put_u8(TAG);
    out.put_u32_le(u32::try_from(queries.len()).unwrap_or(u32::MAX));
    for query in queries {
        put_text(&mut out, query);
    }
    out.put_u32_le(request);
    out.put_u32_le(subscription);
    out.freeze()
}

/// The end of a subscription.
pub(crate) fn encode_unsubscribe(request: u32, subscription: u32) -> Bytes {
    const TAG: u8 = 6;
    let mut out = BytesMut::new();
    out.put_u8(TAG);
    out.put_u32_le(request);
    out.put_u32_le(subscription);
    out.freeze()
}

#[cfg(test)]
mod tests;
