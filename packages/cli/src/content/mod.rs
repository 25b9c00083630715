//! Content and databases: pushed into them, compared with them, taken from them.

mod diff;
pub mod export;
mod live;
pub mod push;
mod text;

pub use diff::{diff, Changed, Difference, Field, Named};
pub use hexmarch_content::{check, Content, Mistake, Row, Table};
pub use live::live;
