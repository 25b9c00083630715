//! Just enough BSATN to read and write the host's messages and the fixed front of a row.
//!
//! BSATN is little endian without padding: integers as they are, text and byte strings with a `u32` length in front,
//! lists with a `u32` count, sums with a `u8` tag; an option is the sum `0 = some, 1 = none`.

use bytes::{BufMut as _, Bytes, BytesMut};

/// Why bytes are not what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BsatnError {
    /// The bytes end in the middle of a value.
    #[error("ends {missing} bytes short at byte {at}")]
    Truncated {
        /// Offset of the value that does not fit.
        at: usize,
        /// How many bytes are missing, at least.
        missing: usize,
    },
    /// A sum has a tag that this crate does not know.
    #[error("unknown tag {tag} for {what}")]
    Tag {
        /// What was being read.
        what: &'static str,
        /// The tag found.
        tag: u8,
    },
    /// A text is not UTF-8.
    #[error("text at byte {at} is not UTF-8")]
    Text {
        /// Offset of the text.
        at: usize,
    },
    /// A packed list of rows contradicts itself.
    #[error("row list: {0}")]
    RowList(&'static str),
}

/// Reads values one after the other; byte strings share the memory of the whole.
#[derive(Debug, Clone)]
pub struct Reader {
    bytes: Bytes,
    at: usize,
}

impl Reader {
    /// Starts at the front of `bytes`.
    pub fn new(bytes: Bytes) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    fn advance(&mut self, count: usize) -> Result<std::ops::Range<usize>, BsatnError> {
        let start = self.at;
        match start.checked_add(count) {
            Some(end) if end <= self.bytes.len() => {
                self.at = end;
                Ok(start..end)
            }
            _ => Err(BsatnError::Truncated {
                at: start,
                missing: count.saturating_sub(self.remaining()),
            }),
        }
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// [`BsatnError::Truncated`] when fewer are left; so for all below.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], BsatnError> {
        let at = self.at;
        let range = self.advance(N)?;
        let slice = self.bytes.get(range).and_then(|slice| slice.try_into().ok());
        slice.ok_or(BsatnError::Truncated { at, missing: N })
    }

    /// A `u8`.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn u8(&mut self) -> Result<u8, BsatnError> {
        self.array().map(u8::from_le_bytes)
    }

    /// A `u16`.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn u16(&mut self) -> Result<u16, BsatnError> {
        self.array().map(u16::from_le_bytes)
    }

    /// A `u32`.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn u32(&mut self) -> Result<u32, BsatnError> {
        self.array().map(u32::from_le_bytes)
    }

    /// A `u64`.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn u64(&mut self) -> Result<u64, BsatnError> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next `count` bytes, sharing memory.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn take(&mut self, count: usize) -> Result<Bytes, BsatnError> {
        let range = self.advance(count)?;
        Ok(self.bytes.slice(range))
    }

    /// A `u32` length, checked against what is left when every element takes at least `element` bytes, so that a
    /// corrupt length cannot ask for memory.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn count(&mut self, element: usize) -> Result<usize, BsatnError> {
        let at = self.at;
        let count = self.u32()? as usize;
        let needed = count.saturating_mul(element);
        if needed > self.remaining() {
            return Err(BsatnError::Truncated {
                at,
                missing: needed.saturating_sub(self.remaining()),
            });
        }
        Ok(count)
    }

    /// A byte string.
    ///
    /// # Errors
    /// See [`Reader::array`].
    pub fn bytes(&mut self) -> Result<Bytes, BsatnError> {
        let count = self.count(1)?;
        self.take(count)
    }

    /// A text.
    ///
    /// # Errors
    /// [`BsatnError::Truncated`] or [`BsatnError::Text`].
    pub fn text(&mut self) -> Result<String, BsatnError> {
        let at = self.at;
        String::from_utf8(self.bytes()?.into()).map_err(|_| BsatnError::Text { at })
    }

    /// An option, its content read by `some`.
    ///
    /// # Errors
    /// [`BsatnError::Tag`], or what `some` returns.
    pub fn option<T>(
        &mut self,
        some: impl FnOnce(&mut Self) -> Result<T, BsatnError>,
    ) -> Result<Option<T>, BsatnError> {
        match self.u8()? {
            0 => some(self).map(Some),
            1 => Ok(None),
            tag => Err(BsatnError::Tag { what: "option", tag }),
        }
    }
}

/// Appends a byte string: its length, then itself.
///
/// Lengths past `u32::MAX` cannot be written; the callers' size limits are far below.
pub fn put_bytes(out: &mut BytesMut, bytes: &[u8]) {
    out.put_u32_le(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    out.put_slice(bytes);
}

/// Appends a text; as [`put_bytes`].
pub fn put_text(out: &mut BytesMut, text: &str) {
    put_bytes(out, text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let mut out = BytesMut::new();
        out.put_u8(7);
        out.put_u64_le(u64::MAX - 1);
        put_text(&mut out, "grün");
        put_bytes(&mut out, &[]);
        out.put_u8(1);
        let mut reader = Reader::new(out.freeze());
        assert_eq!(reader.u8(), Ok(7));
        assert_eq!(reader.u64(), Ok(u64::MAX - 1));
        assert_eq!(reader.text().as_deref(), Ok("grün"));
        assert_eq!(reader.bytes(), Ok(Bytes::new()));
        assert_eq!(reader.option(Reader::u8), Ok(None));
        assert_eq!(reader.remaining(), 0);
    }

    #[test]
    fn a_corrupt_length_is_refused_before_memory_is_asked_for() {
        let mut reader = Reader::new(Bytes::from_static(&[255, 255, 255, 255, 1]));
        assert_eq!(
            reader.bytes(),
            Err(BsatnError::Truncated {
                at: 0,
                missing: 4_294_967_294
            })
        );
    }

    #[test]
    fn says_where_it_ends() {
        let mut reader = Reader::new(Bytes::from_static(&[1, 2, 3]));
        assert_eq!(reader.u16(), Ok(0x0201));
        assert_eq!(reader.u32(), Err(BsatnError::Truncated { at: 2, missing: 3 }));
        assert_eq!(
            Reader::new(Bytes::from_static(&[1, 0, 0, 0, 200])).text(),
            Err(BsatnError::Text { at: 0 })
        );
    }
}
