use hexmarch_macros::table;

#[table(global, name = reserved_name_desc)]
struct ReservedNameDesc {
    #[primary_key]
    pub name: String,
}

fn main() {}
