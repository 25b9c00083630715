use hexmarch_macros::shared_table;

#[shared_table(owner = global, name = developer)]
pub struct Developer {
    #[primary_key]
    pub id: u64,
    name: String,
}

fn main() {}
