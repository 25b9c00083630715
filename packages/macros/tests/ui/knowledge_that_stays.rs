use hexmarch_macros::table;
use hexmarch_messages::knowledge::KnowledgeEntry;

#[table(region, name = knowledge_lore_state)]
#[knowledge]
#[delete]
#[transfer(never)]
pub struct KnowledgeLoreState {
    #[primary_key]
    pub entity_id: u64,
    #[references(item_desc)]
    pub entries: Vec<KnowledgeEntry>,
}

fn main() {}
