//! Content in the global database, where nobody has anything but what is under way.

use hexmarch_messages::inter_module::InterModuleEscrow;
use spacetimedb::ReducerContext;

use crate::content_holders::ContentReplaced;

/// What follows for a row in which content was replaced.
pub struct Replaced;

impl ContentReplaced for Replaced {
    fn inter_module_escrow(_: &ReducerContext, _: &mut InterModuleEscrow) {}
}
