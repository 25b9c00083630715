use hexmarch_macros::sats_type;

#[sats_type]
pub enum Rarity {
    Common,
    #[to(region)]
    Rare,
}

fn main() {}
