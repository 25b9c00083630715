//! What the relay knows of the modules: three tables, three reducers, and the first ten bytes of an outbox row.
//!
//! The contents of a message stay opaque: bytes that one module wrote and another one reads.

use bytes::{BufMut as _, Bytes, BytesMut};
use hexmarch_host::bsatn::{put_text, BsatnError, Reader};

/// The outbox, one row a message: `id: u64, to: u8, durable: bool`, then the contents.
pub const OUTBOX_TABLE: &str = "inter_module_message";
/// The inbox: `module_id: u8, last_processed_message_id: u64`, one row for each sender.
pub const COUNTER_TABLE: &str = "inter_module_message_counter";
/// One row, in which a database says which it is: `version: i32, entity_pk_counter: u64, dimension_counter: u32,
/// region_index: u8`.
pub const PLACE_TABLE: &str = "globals";
/// On the destination: handles messages in order, each exactly once, all of them or none.
pub const PROCESS_REDUCER: &str = "process_inter_module_messages";
/// On the destination: remembers that a message cannot be handled, and passes over it.
pub const RECORD_FAILURE_REDUCER: &str = "record_inter_module_failure";
/// On the sender: takes the results of messages and removes them from the outbox, all of them or none.
pub const ACKNOWLEDGE_REDUCER: &str = "on_inter_module_messages_processed";

/// What stands before the index in a row of [`PLACE_TABLE`].
const PLACE_FRONT_BYTES: usize = 4 + 8 + 4;
/// How much of an error text travels on, in characters.
const MAX_ERROR_CHARS: usize = 2000;

/// One row of an outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Unique and rising within its database.
    pub id: u64,
    /// Index of the destination.
    pub to: u8,
    /// Whether it carries value, so that neither side may act on what a crash could undo.
    pub durable: bool,
    /// The whole row in BSATN. Shares the memory of the message that brought it: whoever keeps it makes a copy.
    pub bytes: Bytes,
}

impl Row {
    /// Reads the front of a row.
    ///
    /// # Errors
    /// [`BsatnError`] when the row is shorter than its front, or its `bool` is none.
    pub fn decode(bytes: &Bytes) -> Result<Self, BsatnError> {
        let mut reader = Reader::new(bytes.clone());
        let (id, to) = (reader.u64()?, reader.u8()?);
        let durable = match reader.u8()? {
            0 => false,
            1 => true,
            tag => {
                return Err(BsatnError::Tag {
                    what: "the column durable",
                    tag,
                })
            }
        };
        Ok(Self {
            id,
            to,
            durable,
            bytes: bytes.clone(),
        })
    }
}

/// Reads a row of the inbox counter: sender and id of the last message of it that is done with.
///
/// # Errors
/// [`BsatnError`] when the row is too short.
pub fn decode_counter(bytes: &Bytes) -> Result<(u8, u64), BsatnError> {
    let mut reader = Reader::new(bytes.clone());
    Ok((reader.u8()?, reader.u64()?))
}

/// Reads a row of [`PLACE_TABLE`]: the index of the database in its own view.
///
/// # Errors
/// [`BsatnError`] when the row is too short.
pub fn decode_place(bytes: &Bytes) -> Result<u8, BsatnError> {
    let mut reader = Reader::new(bytes.clone());
    reader.take(PLACE_FRONT_BYTES)?;
    reader.u8()
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The handler ran.
    Done,
    /// It cannot be handled, for this reason, and will never be.
    Failed(String),
}

/// Arguments of [`PROCESS_REDUCER`]: whole rows, in order.
pub fn process_arguments(sender: u8, previous: u64, rows: &[&[u8]]) -> Bytes {
    let length: usize = rows.iter().map(|row| row.len()).sum();
    let mut out = BytesMut::with_capacity(length.saturating_add(13));
    out.put_u8(sender);
    out.put_u64_le(previous);
    put_count(&mut out, rows.len());
    rows.iter().for_each(|row| out.put_slice(row));
    out.freeze()
}

/// Arguments of [`RECORD_FAILURE_REDUCER`].
pub fn record_failure_arguments(sender: u8, previous: u64, id: u64, error: &str) -> Bytes {
    let mut out = BytesMut::new();
    out.put_u8(sender);
    out.put_u64_le(previous);
    out.put_u64_le(id);
    put_text(&mut out, &shorten(error));
    out.freeze()
}

/// Arguments of [`ACKNOWLEDGE_REDUCER`].
pub fn acknowledge_arguments(results: &[(u64, Outcome)]) -> Bytes {
    let mut out = BytesMut::with_capacity(results.len().saturating_mul(9).saturating_add(4));
    put_count(&mut out, results.len());
    for (id, outcome) in results {
        out.put_u64_le(*id);
        match outcome {
            Outcome::Done => out.put_u8(0),
            Outcome::Failed(error) => {
                out.put_u8(1);
                put_text(&mut out, &shorten(error));
            }
        }
    }
    out.freeze()
}

/// Batches are far shorter than what would not fit.
fn put_count(out: &mut BytesMut, count: usize) {
    out.put_u32_le(u32::try_from(count).unwrap_or(u32::MAX));
}

fn shorten(text: &str) -> String {
    text.chars().take(MAX_ERROR_CHARS).collect()
}

/// How the host begins when arguments do not fit a reducer.
const UNREADABLE: &str = "invalid arguments for reducer";

/// What the text of a reducer's error means to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The message is not the next one; the inbox counter is this.
    Gap(u64),
    /// The handler refuses the message; nothing is changed or remembered.
    Rejected(String),
    /// The message was recorded as failed before, with this text.
    Failed(String),
    /// Of several messages or results, this one is the trouble; nothing is changed or remembered.
    Culprit {
        /// The message.
        id: u64,
        /// What is wrong with it.
        error: String,
    },
    /// We lack the role for this call.
    Access(String),
    /// The host cannot make the reducer's arguments of it: the destination's module knows no such contents.
    Unreadable(String),
    /// A trap, or a text that is not part of the contract.
    Other(String),
}

impl Refusal {
    /// Sorts a reducer's error text.
    pub fn parse(text: &str) -> Self {
        let culprit = ["inter_module.batch|", "inter_module.answer|"]
            .iter()
            .find_map(|key| text.strip_prefix(key)?.split_once('|'));
        if let Some(counter) = text
            .strip_prefix("inter_module.gap|")
            .and_then(|rest| rest.trim().parse().ok())
        {
            Self::Gap(counter)
        } else if let Some((id, error)) = culprit.and_then(|(id, error)| Some((id.parse().ok()?, error))) {
            Self::Culprit {
                id,
                error: error.to_owned(),
            }
        } else if let Some(rest) = text.strip_prefix("inter_module.rejected|") {
            Self::Rejected(rest.to_owned())
        } else if let Some(rest) = text.strip_prefix("inter_module.failed|") {
            Self::Failed(rest.to_owned())
        } else if text.starts_with(UNREADABLE) {
            Self::Unreadable(text.to_owned())
        } else if text.starts_with("access.") {
            Self::Access(text.to_owned())
        } else {
            Self::Other(text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_front_of_a_row() {
        let bytes = Bytes::from_static(&[1, 2, 0, 0, 0, 0, 0, 0, 9, 1, 42, 43]);
        let row = Row::decode(&bytes).unwrap();
        assert_eq!((row.id, row.to, row.durable), (0x0201, 9, true));
        assert_eq!(row.bytes, bytes);
        assert!(Row::decode(&bytes.slice(..9)).is_err());
        assert!(Row::decode(&Bytes::from_static(&[0; 10])).is_ok());
        assert!(Row::decode(&Bytes::from_static(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 2])).is_err());
    }

    #[test]
    fn writes_arguments() {
        assert_eq!(
            &process_arguments(3, 258, &[&[7, 8], &[9]])[..],
            &[3, 2, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 7, 8, 9]
        );
        let results = acknowledge_arguments(&[(1, Outcome::Done), (2, Outcome::Failed("no".into()))]);
        let expected = [
            2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, b'n', b'o',
        ];
        assert_eq!(&results[..], &expected);
        let record = record_failure_arguments(3, 1, 2, "ä");
        let expected = [
            3, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0xc3, 0xa4,
        ];
        assert_eq!(&record[..], &expected);
    }

    #[test]
    fn an_endless_error_text_is_cut() {
        assert_eq!(
            record_failure_arguments(0, 0, 0, &"ä".repeat(9999)).len(),
            21 + 2 * MAX_ERROR_CHARS
        );
    }

    #[test]
    fn sorts_error_texts() {
        let check = |text: &str, refusal: Refusal| assert_eq!(Refusal::parse(text), refusal);
        check("inter_module.gap|17", Refusal::Gap(17));
        check("inter_module.gap|x", Refusal::Other("inter_module.gap|x".into()));
        check("inter_module.rejected|a.b|c", Refusal::Rejected("a.b|c".into()));
        check("inter_module.failed|", Refusal::Failed(String::new()));
        let culprit = |id, error: &str| {
            let error = error.to_owned();
            Refusal::Culprit { id, error }
        };
        check("inter_module.batch|17|a.b|c", culprit(17, "a.b|c"));
        check("inter_module.answer|18|", culprit(18, ""));
        check("inter_module.batch|17", Refusal::Other("inter_module.batch|17".into()));
        let unreadable = "invalid arguments for reducer a: unknown tag";
        check(unreadable, Refusal::Unreadable(unreadable.into()));
        check("access.role|relay", Refusal::Access("access.role|relay".into()));
        check("The instance encountered a fatal error.", {
            Refusal::Other("The instance encountered a fatal error.".into())
        });
    }

    #[test]
    fn reads_a_counter() {
        assert_eq!(
            decode_counter(&Bytes::from_static(&[4, 5, 0, 0, 0, 0, 0, 0, 0])),
            Ok((4, 5))
        );
        assert!(decode_counter(&Bytes::from_static(&[4])).is_err());
    }

    #[test]
    fn reads_which_database_it_is() {
        let mut row = [9; 17];
        row[16] = 3;
        let row = Bytes::copy_from_slice(&row);
        assert_eq!(decode_place(&row), Ok(3));
        assert!(decode_place(&row.slice(..16)).is_err());
    }
}
