//! The ground and what stands on it.

/// Chunks that one world may have; the flat generator makes them in one transaction.
pub const MAX_FLAT_CHUNKS: u32 = 1024;
