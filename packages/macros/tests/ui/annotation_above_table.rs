// This crate has no feature `region` to compare with.
#![allow(unexpected_cfgs)]

use hexmarch_macros::{delete, table};

#[delete]
#[table(region, name = health_state)]
#[transfer(player)]
pub struct HealthState {
    #[primary_key]
    pub entity_id: u64,
    pub health: f32,
}

fn main() {}
