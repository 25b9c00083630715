use hexmarch_macros::table;

#[table(name = resource_desc, public)]
pub struct ResourceDesc {
    #[primary_key]
    pub id: i32,
}

fn main() {}
