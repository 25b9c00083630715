use hexmarch_macros::table;

#[table(region, name = food_desc)]
#[static_data_staging_table]
pub struct FoodDesc {
    #[primary_key]
    #[range(1..=i32::MAX)]
    pub item_id: i32,
    #[range(1..=60)]
    pub name: String,
}

fn main() {}
