use hexmarch_macros::table;

#[table(region, name = health_state)]
#[transfer(player)]
pub struct HealthState {
    #[primary_key]
    pub entity_id: u64,
    pub health: f32,
}

fn main() {}
