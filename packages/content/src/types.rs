//! Columns of a row type, and what to write into them.

use std::any::TypeId;
use std::collections::HashMap;

use spacetimedb_sats::typespace::TypespaceBuilder;
use spacetimedb_sats::{AlgebraicType, AlgebraicTypeRef, SpacetimeType, Typespace, WithTypespace};

/// A description may not nest deeper than this.
const MAX_DEPTH: u32 = 3;

/// A row type with all types that it is made of.
#[derive(Debug)]
pub struct RowType {
    typespace: Typespace,
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
        let elements = match made {
            AlgebraicType::Product(product) => product.elements.into_vec(),
            _ => Vec::new(),
        };
        let column =
            |element: spacetimedb_sats::ProductTypeElement| Some((element.name?.to_string(), element.algebraic_type));
        Self {
            typespace: builder.typespace,
            columns: elements.into_iter().filter_map(column).collect(),
        }
    }

    /// Names of the columns in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The type of a column, for reading a value.
    pub fn column(&self, name: &str) -> Option<WithTypespace<'_, AlgebraicType>> {
        let (_, ty) = self.columns.iter().find(|(column, _)| column == name)?;
        Some(WithTypespace::new(&self.typespace, ty))
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
