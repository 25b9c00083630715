use hexmarch_macros::table;

#[table(region, name = level_up_event)]
#[event_table]
pub struct LevelUpEvent {
    #[primary_key]
    pub player_entity_id: u64,
}

fn main() {}
