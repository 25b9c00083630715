//! Tables and columns, what to write into them, and rows as JSON and as a database takes them.
//!
//! By a description of the type, not by the type: what is generated for each of some seventy types takes minutes to compile.

use std::any::TypeId;
use std::collections::HashMap;

use hexmarch_messages::static_data::{Facts, StaticRow};
use serde::de::DeserializeSeed as _;
use serde_json::Value;
use spacetimedb_sats::bsatn::{self, DecodeError};
use spacetimedb_sats::de::serde::SeedWrapper;
use spacetimedb_sats::de::DeserializeSeed as _;
use spacetimedb_sats::ser::serde::SerializeWrapper;
use spacetimedb_sats::typespace::TypespaceBuilder;
use spacetimedb_sats::{AlgebraicType, AlgebraicTypeRef, AlgebraicValue, SpacetimeType, Typespace, WithTypespace};

use crate::Row;

/// A description may not nest deeper than this.
const MAX_DEPTH: u32 = 3;

/// A row type with all types that it is made of.
#[derive(Debug)]
pub struct RowType {
    typespace: Typespace,
    row: AlgebraicType,
    columns: Vec<(String, AlgebraicType)>,
}

#[derive(Default)]
struct Builder {
    typespace: Typespace,
    known: HashMap<TypeId, AlgebraicTypeRef>,
}

impl TypespaceBuilder for Builder {
    fn add(
        &mut self,
        id: TypeId,
        _name: Option<&'static str>,
        make: impl FnOnce(&mut Self) -> AlgebraicType,
    ) -> AlgebraicType {
        if let Some(known) = self.known.get(&id) {
            return AlgebraicType::Ref(*known);
        }
        // Known before it is made, since a type may contain itself.
        let slot = self.typespace.add(AlgebraicType::unit());
        self.known.insert(id, slot);
        let made = make(self);
        if let Some(place) = self.typespace.get_mut(slot) {
            *place = made;
        }
        AlgebraicType::Ref(slot)
    }
}

impl RowType {
    /// The type of `R`.
    pub fn of<R: SpacetimeType>() -> Self {
        let mut builder = Builder::default();
        let mut made = R::make_type(&mut builder);
        while let AlgebraicType::Ref(slot) = made {
            match builder.typespace.get(slot) {
                Some(resolved) => made = resolved.clone(),
                None => break,
            }
        }
        let elements = match &made {
            AlgebraicType::Product(product) => &*product.elements,
            _ => &[],
        };
        let column = |element: &spacetimedb_sats::ProductTypeElement| {
            Some((element.name()?.to_string(), element.algebraic_type.clone()))
        };
        Self {
            typespace: builder.typespace,
            columns: elements.iter().filter_map(column).collect(),
            row: made,
        }
    }

    fn whole(&self) -> WithTypespace<'_, AlgebraicType> {
        WithTypespace::new(&self.typespace, &self.row)
    }

    /// Reads a row as people write it.
    ///
    /// # Errors
    /// What is no row of this type, and where.
    pub fn read(&self, text: &str) -> serde_json::Result<RowValue> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        SeedWrapper(self.whole()).deserialize(&mut deserializer).map(RowValue)
    }

    /// Reads one column as people write it, only to see whether that can be done.
    ///
    /// # Errors
    /// What is no value of this column, and where.
    pub fn try_column(&self, name: &str, text: &str) -> serde_json::Result<()> {
        let Some((_, ty)) = self.columns.iter().find(|(column, _)| column == name) else {
            return Err(serde::de::Error::custom("there is no such column"));
        };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let column = SeedWrapper(WithTypespace::new(&self.typespace, ty));
        column.deserialize(&mut deserializer).map(drop)
    }

    /// Reads a row that is JSON already.
    ///
    /// # Errors
    /// What is no row of this type.
    pub fn read_value(&self, row: Value) -> serde_json::Result<RowValue> {
        SeedWrapper(self.whole()).deserialize(row).map(RowValue)
    }

    /// A row that a database takes, as JSON; `None` when it is none of this type.
    pub fn json(&self, bsatn: &[u8]) -> Option<Value> {
        let row = self.decode(bsatn)?;
        serde_json::to_value(SerializeWrapper::from_ref(&self.whole().with_value(&row))).ok()
    }

    /// A row that a database takes, as people write it; `None` when it is none of this type.
    pub fn text(&self, bsatn: &[u8]) -> Option<String> {
        let row = self.decode(bsatn)?;
        serde_json::to_string(SerializeWrapper::from_ref(&self.whole().with_value(&row))).ok()
    }

    fn decode(&self, mut bsatn: &[u8]) -> Option<AlgebraicValue> {
        self.whole().deserialize(bsatn::Deserializer::new(&mut bsatn)).ok()
    }

    /// Names of the columns in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Whether there is such a column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column == name)
    }

    /// What to write into a column.
    pub fn describe(&self, name: &str) -> String {
        match self.columns.iter().find(|(column, _)| column == name) {
            Some((_, ty)) => self.describe_type(ty, 0),
            None => "nothing".to_owned(),
        }
    }

    fn describe_type(&self, ty: &AlgebraicType, depth: u32) -> String {
        let deeper = depth.saturating_add(1);
        let whole = |name: &str, range: &str| format!("a whole number {range} ({name})");
        match ty {
            AlgebraicType::Ref(slot) if depth < MAX_DEPTH => match self.typespace.get(*slot) {
                Some(resolved) => self.describe_type(resolved, depth),
                None => "a value".to_owned(),
            },
            AlgebraicType::Sum(sum) => match sum.as_option() {
                Some(some) => format!("{{\"some\": {}}} or {{\"none\": []}}", self.describe_type(some, deeper)),
                None => {
                    let variants = sum.variants.iter().filter_map(|variant| variant.name());
                    format!(
                        "one of {}",
                        variants
                            .map(|name| format!("{{\"{name}\": []}}"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    )
                }
            },
            AlgebraicType::Product(product) if depth < MAX_DEPTH => {
                let field = |element: &spacetimedb_sats::ProductTypeElement| {
                    let name = element.name().unwrap_or("?").to_owned();
                    format!("\"{name}\": {}", self.describe_type(&element.algebraic_type, deeper))
                };
                let fields: Vec<String> = product.elements.iter().map(field).collect();
                format!("an object {{{}}}", fields.join(", "))
            }
            AlgebraicType::Ref(_) | AlgebraicType::Product(_) => "an object".to_owned(),
            AlgebraicType::Array(array) => format!("a list of {}", self.describe_type(&array.elem_ty, deeper)),
            AlgebraicType::String => "text in quotes".to_owned(),
            AlgebraicType::Bool => "true or false".to_owned(),
            AlgebraicType::I8 => whole("i8", "from -128 to 127"),
            AlgebraicType::U8 => whole("u8", "from 0 to 255"),
            AlgebraicType::I16 => whole("i16", "from -32768 to 32767"),
            AlgebraicType::U16 => whole("u16", "from 0 to 65535"),
            AlgebraicType::I32 => whole("i32", "from -2147483648 to 2147483647"),
            AlgebraicType::U32 => whole("u32", "from 0 to 4294967295"),
            AlgebraicType::U64 | AlgebraicType::U128 | AlgebraicType::U256 => whole("unsigned", "from 0"),
            AlgebraicType::I64 | AlgebraicType::I128 | AlgebraicType::I256 => whole("signed", "of either sign"),
            AlgebraicType::F32 | AlgebraicType::F64 => "a number".to_owned(),
        }
    }
}

/// A row of whatever type.
#[derive(Debug)]
pub struct RowValue(AlgebraicValue);

/// The key of a row, as people write it, and what its columns claim.
type Decoded = (String, Box<dyn Facts>);

/// What a table's rows are, without their type.
pub struct TableType {
    /// Name of the table.
    pub table: &'static str,
    /// Name of the primary key column.
    pub key: &'static str,
    /// Whether it may have no rows.
    pub may_be_empty: bool,
    /// Its columns.
    pub row_type: RowType,
    decode: fn(&[u8]) -> Result<Decoded, DecodeError>,
}

impl TableType {
    /// The table of `R`.
    pub fn of<R: StaticRow>() -> Self {
        Self {
            table: R::TABLE,
            key: R::KEY,
            may_be_empty: R::MAY_BE_EMPTY,
            row_type: RowType::of::<R>(),
            decode: |bsatn| {
                let row: R = bsatn::from_slice(bsatn)?;
                Ok((row.key(), Box::new(row)))
            },
        }
    }

    /// A row as a database takes it, and what its columns claim.
    ///
    /// # Errors
    /// A row that is too large.
    pub fn encode(&self, row: &RowValue) -> anyhow::Result<(Row, Box<dyn Facts>)> {
        let bsatn = bsatn::to_vec(&row.0)?;
        let (key, facts) = (self.decode)(&bsatn)?;
        Ok((Row { key, bsatn }, facts))
    }

    /// What the columns of a row claim; `None` when it is of another table.
    pub fn facts(&self, row: &Row) -> Option<Box<dyn Facts>> {
        Some((self.decode)(&row.bsatn).ok()?.1)
    }
}
