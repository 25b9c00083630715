//! What there is to call and to look at, from the published databases, and who may call it, from the sources.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use hexmarch_codegen::{generate, Sources};
use hexmarch_e2e::{programs, world::World};
use spacetimedb_lib::db::raw_def::v9::RawModuleDefV9;
use spacetimedb_sats::serde::SerdeWrapper;
use spacetimedb_sats::{ProductType, Typespace};

/// Crates that declare reducers.
const CRATES: [&str; 3] = ["base", "game", "global_module"];

/// Who may call a reducer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The host alone.
    Lifecycle,
    /// Whoever could connect.
    Anyone,
    /// Who is signed in; in the global database, who has an account.
    Player,
    /// A role, the relay or the scheduler; so are all generated reducers.
    Closed,
}

/// A reducer.
pub struct Reducer {
    pub name: String,
    pub parameters: ProductType,
    pub access: Access,
}

/// A published database.
pub struct Schema {
    pub database: String,
    /// Whether it is a global database.
    pub is_global: bool,
    pub typespace: Typespace,
    pub reducers: Vec<Reducer>,
    pub tables: Vec<String>,
}

impl Schema {
    /// Of the world's database of this index.
    pub async fn read(world: &World, index: u8) -> Result<Self> {
        Self::of(world, &world.database(index)).await
    }

    /// Of a database of this name.
    pub async fn of(world: &World, database: &str) -> Result<Self> {
        let json = world.operator.schema(database).await?;
        let module: SerdeWrapper<RawModuleDefV9> = serde_json::from_value(json).context("reading the schema")?;
        let RawModuleDefV9 {
            typespace,
            tables,
            reducers,
            ..
        } = module.0;
        let annotated = annotated()?;
        let access = |name: &str| match annotated.get(name).map(String::as_str) {
            Some("Anyone") => Access::Anyone,
            Some("Player") => Access::Player,
            _ => Access::Closed,
        };
        let reducers = reducers.into_iter().map(|reducer| Reducer {
            access: if reducer.lifecycle.is_some() {
                Access::Lifecycle
            } else {
                access(&reducer.name)
            },
            name: reducer.name.to_string(),
            parameters: reducer.params,
        });
        let reducers: Vec<Reducer> = reducers.collect();
        Ok(Self {
            database: database.to_string(),
            is_global: reducers.iter().any(|reducer| reducer.name == "player_register"),
            typespace,
            reducers,
            tables: tables.into_iter().map(|table| table.name.to_string()).collect(),
        })
    }
}

/// The word in each reducer's `#[access]`.
fn annotated() -> Result<BTreeMap<String, String>> {
    let mut words = BTreeMap::new();
    for name in CRATES {
        let folder = programs::checkout().join("packages").join(name).join("src");
        words.extend(generate::access_list(&Sources::read(&folder)?));
    }
    Ok(words)
}
