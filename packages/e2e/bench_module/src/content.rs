//! Content without a pipeline: for each content table a reducer that inserts rows and does nothing else, and one that
//! inserts the rows of all tables at once.

use spacetimedb::{ReducerContext, Table as _};

include!(concat!(env!("OUT_DIR"), "/content.rs"));
