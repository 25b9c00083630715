//! What the databases say, read in one go while nothing moves.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use super::world::FaultWorld;
use super::DATABASES;

/// Shared tables that every database has in full.
pub const EVERYWHERE: [&str; 6] = [
    "region_connection_info",
    "region_sign_in_parameters",
    "identity_role",
    "blocked_identity",
    "developer",
    "region_control_info",
];
/// The shared table of which only the global database has more than its own row.
pub const TO_GLOBAL: &str = "region_population_info";

/// A message with items, at its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Names it in the whole world.
    pub token: u64,
    /// Its id; 0 if it holds an owner's items.
    pub message_id: u64,
    /// The owner; 0 if the items are the database's.
    pub owner: u64,
    /// Where to.
    pub to: u8,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u64,
    /// How many answers were handled.
    pub answers: u64,
    /// Why it was refused; empty if it was not.
    pub refusal: String,
}

/// A message with items that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Names the message.
    pub token: u64,
    /// Who sent it.
    pub sender: u8,
    /// Which arrival of this sender it was, from 1.
    pub number: u64,
    /// Which item.
    pub item_id: i32,
    /// How many.
    pub quantity: u64,
}

/// What one database says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Its index.
    pub database: u8,
    /// Messages with items that it sent.
    pub sent: Vec<Sent>,
    /// Messages with items that it took.
    pub arrivals: Vec<Arrival>,
    /// How many arrivals of each sender it counted.
    pub streams: BTreeMap<u8, u64>,
    /// Items that it holds.
    pub ledger: BTreeMap<i32, u64>,
    /// Owners who are here, with what they have.
    pub owners: BTreeMap<u64, BTreeMap<i32, u64>>,
    /// In the global database: the region of each owner.
    pub accounts: BTreeMap<u64, u8>,
    /// Messages that hold something.
    pub escrow: usize,
    /// Tokens of text that it took, as often as it did.
    pub texts: Vec<u64>,
    /// Tokens of text among its dead letters.
    pub dead_texts: Vec<u64>,
    /// Rows of shared tables.
    pub shared: BTreeMap<&'static str, BTreeSet<String>>,
    /// Messages that wait in its outbox, by destination.
    pub outbox: BTreeMap<u8, u64>,
}

/// Reads all books.
///
/// # Errors
/// When a database cannot be read.
pub async fn read(world: &FaultWorld) -> Result<Vec<Book>> {
    let mut books = Vec::new();
    for database in 0..DATABASES {
        let book = read_one(world, database).await;
        books.push(book.with_context(|| format!("reading database {database}"))?);
    }
    Ok(books)
}

async fn read_one(world: &FaultWorld, database: u8) -> Result<Book> {
    let mut book = Book {
        database,
        ..Book::default()
    };
    for row in world.rows(database, "SELECT * FROM item_sent").await? {
        book.sent.push(sent(&row)?);
    }
    for row in world.rows(database, "SELECT * FROM item_arrival").await? {
        book.arrivals.push(arrival(&row)?);
    }
    for row in world.rows(database, "SELECT * FROM item_stream").await? {
        book.streams.insert(number(&row, 0)?, number(&row, 1)?);
    }
    for row in world.rows(database, "SELECT * FROM item_ledger").await? {
        book.ledger.insert(number(&row, 0)?, number(&row, 1)?);
    }
    if database == 0 {
        for row in world
            .rows(0, "SELECT entity_id, region_id FROM user_region_state")
            .await?
        {
            book.accounts.insert(number(&row, 0)?, number(&row, 1)?);
        }
    } else {
        for row in world.rows(database, "SELECT entity_id FROM user_state").await? {
            book.owners.insert(number(&row, 0)?, BTreeMap::new());
        }
        for row in world
            .rows(database, "SELECT entity_id, items FROM held_items_state")
            .await?
        {
            book.owners.insert(number(&row, 0)?, items(row.get(1))?);
        }
    }
    book.escrow = world
        .rows(database, "SELECT message_id FROM inter_module_escrow")
        .await?
        .len();
    for row in world.rows(database, "SELECT token FROM text_arrival").await? {
        book.texts.push(number(&row, 0)?);
    }
    for row in world
        .rows(database, "SELECT contents FROM inter_module_dead_letter")
        .await?
    {
        let title = row.iter().find_map(first_text);
        book.dead_texts
            .extend(title.and_then(|title| title.parse::<u64>().ok()));
    }
    for table in EVERYWHERE.into_iter().chain([TO_GLOBAL]) {
        let rows = world.rows(database, &format!("SELECT * FROM {table}")).await?;
        let rows = rows.into_iter().map(|row| Value::from(row).to_string());
        book.shared.insert(table, rows.collect());
    }
    book.outbox = outbox(world, database).await?;
    Ok(book)
}

/// Messages that wait in a database's outbox, by destination.
///
/// # Errors
/// When it cannot be read.
pub async fn outbox(world: &FaultWorld, database: u8) -> Result<BTreeMap<u8, u64>> {
    let mut waiting = BTreeMap::new();
    for row in world.rows(database, "SELECT \"to\" FROM inter_module_message").await? {
        *waiting.entry(number(&row, 0)?).or_insert(0) += 1;
    }
    Ok(waiting)
}

fn sent(row: &[Value]) -> Result<Sent> {
    Ok(Sent {
        token: number(row, 0)?,
        message_id: number(row, 1)?,
        owner: number(row, 2)?,
        to: number(row, 3)?,
        item_id: number(row, 4)?,
        quantity: number(row, 5)?,
        answers: number(row, 6)?,
        refusal: row.get(7).and_then(Value::as_str).context("no refusal")?.to_string(),
    })
}

fn arrival(row: &[Value]) -> Result<Arrival> {
    Ok(Arrival {
        token: number(row, 0)?,
        sender: number(row, 1)?,
        number: number(row, 2)?,
        item_id: number(row, 3)?,
        quantity: number(row, 4)?,
    })
}

/// The first text in a value made of others.
fn first_text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(values) => values.iter().find_map(first_text),
        Value::Object(fields) => fields.values().find_map(first_text),
        _ => None,
    }
}

fn items(stacks: Option<&Value>) -> Result<BTreeMap<i32, u64>> {
    let stacks = stacks.and_then(Value::as_array).context("no list of items")?;
    let stack = |stack: &Value| -> Result<(i32, u64)> {
        let fields = stack
            .as_array()
            .with_context(|| format!("{stack} is no stack of items"))?;
        Ok((number(fields, 0)?, number(fields, 1)?))
    };
    stacks.iter().map(stack).collect()
}

fn number<T: TryFrom<u64>>(row: &[Value], column: usize) -> Result<T> {
    let number = row.get(column).and_then(Value::as_u64);
    let number = number.with_context(|| format!("column {column} of {row:?} is no number"))?;
    T::try_from(number)
        .ok()
        .with_context(|| format!("{number} is too large"))
}
