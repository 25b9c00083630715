//! Bad arguments for any reducer, made from the types of its parameters.
//!
//! Every kind of badness is written twice at once: in BSATN, for a websocket, and in SATS JSON, for HTTP, as far as
//! JSON can say it. The same reducer gets the same arguments in every run.

use serde_json::{json, Map, Number, Value};
use spacetimedb_sats::{AlgebraicType, ProductType, ProductTypeElement, SumType, Typespace};

/// Length of a text that is too long, in characters.
pub const OVERSIZED_TEXT: usize = 70_000;
/// Elements of a vector that is too long.
pub const OVERSIZED_VECTOR: usize = 2_000;
/// No more elements are added to the vectors of one call above this, in bytes of BSATN.
const MAX_BYTES: usize = 600_000;
/// Vectors in vectors get so many elements.
const INNER_ELEMENTS: usize = 2;
/// Texts in vectors are so long, in characters.
const INNER_TEXT: usize = 100;
/// Types nested deeper than this get empty vectors.
const MAX_DEPTH: usize = 12;
/// Where the unknown ids start from.
const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// What is wrong with the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Zeros and nothing at all.
    Empty,
    /// The smallest numbers, NaN, a text of one NUL.
    Minimum,
    /// The largest numbers, texts of the last character that there is.
    Maximum,
    /// Infinite where that is possible, ones and blanks elsewhere.
    Infinite,
    /// Minus infinity, minus one.
    NegativeInfinite,
    /// Ids that nothing has.
    UnknownIds,
    /// Long texts and vectors.
    Oversized,
    /// The same, of control and direction characters.
    OversizedControl,
}

/// All kinds.
pub const KINDS: [Kind; 8] = [
    Kind::Empty,
    Kind::Minimum,
    Kind::Maximum,
    Kind::Infinite,
    Kind::NegativeInfinite,
    Kind::UnknownIds,
    Kind::Oversized,
    Kind::OversizedControl,
];

/// The arguments of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    /// For a websocket.
    pub bsatn: Vec<u8>,
    /// For HTTP; `None` when JSON cannot say it, as with NaN.
    pub json: Option<Value>,
}

/// Integers that are not bad, by the names of their parameters and fields: what must fit for the rest to be looked at.
pub type Fitting = [(&'static str, u64)];

/// Makes arguments for the parameters of a reducer. `variant` chooses among the variants of enums: from 0 to below
/// [`variants`] it reaches each.
pub fn generate(
    typespace: &Typespace,
    parameters: &ProductType,
    kind: Kind,
    variant: usize,
    fitting: &Fitting,
) -> Arguments {
    let mut writer = Writer {
        typespace,
        kind,
        variant,
        fitting,
        fit: None,
        random: SEED,
        in_vectors: 0,
        bsatn: Vec::new(),
    };
    // All are written, even after one that JSON cannot say.
    let values: Vec<Option<Value>> = parameters
        .elements
        .iter()
        .map(|parameter| writer.element(parameter, 0))
        .collect();
    let json = values.into_iter().collect::<Option<Vec<Value>>>().map(Value::from);
    Arguments {
        bsatn: writer.bsatn,
        json,
    }
}

/// How many variants the largest enum among the parameters has, 1 if there is none.
pub fn variants(typespace: &Typespace, parameters: &ProductType) -> usize {
    let types = parameters.elements.iter().map(|parameter| &parameter.algebraic_type);
    types.map(|ty| largest_sum(typespace, ty, 0)).max().unwrap_or(1)
}

fn largest_sum(typespace: &Typespace, ty: &AlgebraicType, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return 1;
    }
    let inner = |ty| largest_sum(typespace, ty, depth + 1);
    match ty {
        AlgebraicType::Ref(reference) => typespace.get(*reference).map_or(1, inner),
        AlgebraicType::Array(array) => inner(&array.elem_ty),
        AlgebraicType::Product(product) => product
            .elements
            .iter()
            .map(|element| inner(&element.algebraic_type))
            .max()
            .unwrap_or(1),
        AlgebraicType::Sum(sum) => {
            let nested = sum.variants.iter().map(|variant| inner(&variant.algebraic_type)).max();
            nested.unwrap_or(1).max(sum.variants.len())
        }
        _ => 1,
    }
}

struct Writer<'a> {
    typespace: &'a Typespace,
    kind: Kind,
    variant: usize,
    fitting: &'a Fitting,
    /// The integer that fits what is written now.
    fit: Option<u64>,
    random: u64,
    /// How many vectors enclose what is written now.
    in_vectors: usize,
    bsatn: Vec<u8>,
}

/// Writes a number in both forms: the smallest, the largest, or what fits of a random one.
macro_rules! integer {
    ($self:ident, $type:ty) => {{
        let value = match $self.kind {
            _ if $self.fit.is_some() => $self.fit.take().unwrap_or_default() as $type,
            Kind::Empty => 0,
            Kind::Minimum => <$type>::MIN,
            Kind::Maximum => <$type>::MAX,
            Kind::Infinite => 1,
            Kind::NegativeInfinite => (0 as $type).wrapping_sub(1),
            Kind::UnknownIds | Kind::Oversized | Kind::OversizedControl => $self.next_random() as $type,
        };
        $self.bsatn.extend_from_slice(&value.to_le_bytes());
        value
    }};
}

impl Writer<'_> {
    /// Writes a parameter or field.
    fn element(&mut self, element: &ProductTypeElement, depth: usize) -> Option<Value> {
        let fits = |(name, _): &&(&str, u64)| element.name.as_deref() == Some(*name);
        self.fit = self.fitting.iter().find(fits).map(|(_, value)| *value);
        let value = self.value(&element.algebraic_type, depth);
        self.fit = None;
        value
    }

    /// Writes a value and returns it in JSON.
    fn value(&mut self, ty: &AlgebraicType, depth: usize) -> Option<Value> {
        match ty {
            AlgebraicType::Ref(reference) => {
                let typespace = self.typespace;
                typespace.get(*reference).and_then(|ty| self.value(ty, depth))
            }
            AlgebraicType::Sum(sum) => self.sum(sum, depth),
            AlgebraicType::Product(product) => self.product(product, depth),
            AlgebraicType::Array(array) => self.array(&array.elem_ty, depth),
            AlgebraicType::String => Some(self.text().into()),
            AlgebraicType::Bool => {
                let value = matches!(self.kind, Kind::Maximum | Kind::Infinite);
                self.bsatn.push(value.into());
                Some(value.into())
            }
            AlgebraicType::F32 => {
                let value = self.float(f64::from(f32::MAX)) as f32;
                self.bsatn.extend_from_slice(&value.to_le_bytes());
                Number::from_f64(value.into()).map(Value::Number)
            }
            AlgebraicType::F64 => {
                let value = self.float(f64::MAX);
                self.bsatn.extend_from_slice(&value.to_le_bytes());
                Number::from_f64(value).map(Value::Number)
            }
            AlgebraicType::I8 => Some(integer!(self, i8).into()),
            AlgebraicType::U8 => Some(integer!(self, u8).into()),
            AlgebraicType::I16 => Some(integer!(self, i16).into()),
            AlgebraicType::U16 => Some(integer!(self, u16).into()),
            AlgebraicType::I32 => Some(integer!(self, i32).into()),
            AlgebraicType::U32 => Some(integer!(self, u32).into()),
            AlgebraicType::I64 => Some(integer!(self, i64).into()),
            AlgebraicType::U64 => Some(integer!(self, u64).into()),
            AlgebraicType::I128 => Number::from_i128(integer!(self, i128)).map(Value::Number),
            AlgebraicType::U128 => Number::from_u128(integer!(self, u128)).map(Value::Number),
            AlgebraicType::I256 => {
                self.wide();
                None
            }
            AlgebraicType::U256 => Some(self.wide().into()),
        }
    }

    fn sum(&mut self, sum: &SumType, depth: usize) -> Option<Value> {
        let count = sum.variants.len();
        let index = self.variant.checked_rem(count)?;
        let variant = sum.variants.get(index)?;
        // A sum has at most 256 variants.
        self.bsatn.push(u8::try_from(index).ok()?);
        let value = self.value(&variant.algebraic_type, depth + 1)?;
        let name = variant.name.as_deref()?;
        Some(json!({ name: value }))
    }

    fn product(&mut self, product: &ProductType, depth: usize) -> Option<Value> {
        let mut fields = Some(Map::new());
        for element in &product.elements {
            let value = self.element(element, depth + 1);
            fields = match (fields, element.name.as_deref(), value) {
                (Some(mut fields), Some(name), Some(value)) => {
                    fields.insert(name.to_string(), value);
                    Some(fields)
                }
                _ => None,
            };
        }
        // The unit, as an enum's variants without content have it, is an empty list.
        fields.map(|fields| {
            if product.elements.is_empty() {
                json!([])
            } else {
                Value::Object(fields)
            }
        })
    }

    fn array(&mut self, element: &AlgebraicType, depth: usize) -> Option<Value> {
        let wanted = match self.kind {
            _ if depth > MAX_DEPTH => 0,
            Kind::Empty => 0,
            Kind::Oversized | Kind::OversizedControl if self.in_vectors == 0 => OVERSIZED_VECTOR,
            Kind::Oversized | Kind::OversizedControl => INNER_ELEMENTS,
            _ => 1,
        };
        let start = self.bsatn.len();
        self.bsatn.extend_from_slice(&[0; 4]);
        let (mut count, mut values) = (0_u32, Some(Vec::new()));
        self.in_vectors += 1;
        while (count as usize) < wanted && (count == 0 || self.bsatn.len() < MAX_BYTES) {
            let value = self.value(element, depth + 1);
            values = values.zip(value).map(|(mut values, value)| {
                values.push(value);
                values
            });
            count += 1;
        }
        self.in_vectors -= 1;
        if let Some(length) = self.bsatn.get_mut(start..start + 4) {
            length.copy_from_slice(&count.to_le_bytes());
        }
        if matches!(element, AlgebraicType::U8) {
            // Bytes are written as hexadecimal digits.
            let digits = self.bsatn.get(start + 4..)?.iter().map(|byte| format!("{byte:02x}"));
            return Some(Value::String(digits.collect()));
        }
        values.map(Value::Array)
    }

    fn text(&mut self) -> String {
        let long = if self.in_vectors == 0 {
            OVERSIZED_TEXT
        } else {
            INNER_TEXT
        };
        let text: String = match self.kind {
            Kind::Empty => String::new(),
            Kind::Minimum => "\0".to_string(),
            Kind::Maximum => "\u{10FFFF}".repeat(8),
            Kind::Infinite => " ".to_string(),
            Kind::NegativeInfinite => "-\t-".to_string(),
            // No name that a player or a content row may have.
            Kind::UnknownIds => format!("?{:x}?", self.next_random()),
            Kind::Oversized => "x".repeat(long),
            Kind::OversizedControl => [
                '\0', '\u{1}', '\u{1b}', '\u{7f}', '\u{202e}', '|', '\n', '"', '\u{feff}',
            ]
            .into_iter()
            .cycle()
            .take(long)
            .collect(),
        };
        // The longest are far below the limit of the length.
        self.bsatn.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.bsatn.extend_from_slice(text.as_bytes());
        text
    }

    fn float(&mut self, largest: f64) -> f64 {
        match self.kind {
            Kind::Empty => 0.0,
            Kind::Minimum => f64::NAN,
            Kind::Maximum => largest,
            Kind::Infinite => f64::INFINITY,
            Kind::NegativeInfinite => f64::NEG_INFINITY,
            Kind::UnknownIds | Kind::Oversized | Kind::OversizedControl => -largest,
        }
    }

    /// An identity or another number of 256 bits, in hexadecimal digits.
    fn wide(&mut self) -> String {
        let mut bytes = [0_u8; 32];
        match self.kind {
            Kind::Empty | Kind::Minimum => {}
            Kind::Maximum | Kind::NegativeInfinite => bytes = [0xff; 32],
            Kind::Infinite => bytes = 1_u128.to_le_bytes().repeat(2).try_into().unwrap_or(bytes),
            Kind::UnknownIds | Kind::Oversized | Kind::OversizedControl => {
                for part in bytes.chunks_mut(8) {
                    let random = self.next_random().to_le_bytes();
                    part.copy_from_slice(&random);
                }
            }
        }
        self.bsatn.extend_from_slice(&bytes);
        let digits: String = bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect();
        format!("0x{digits}")
    }

    /// SplitMix64.
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(SEED);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spacetimedb_lib::{Identity, ScheduleAt, Timestamp};
    use spacetimedb_sats::de::DeserializeSeed as _;
    use spacetimedb_sats::serde::SerdeWrapper;
    use spacetimedb_sats::typespace::TypespaceBuilder;
    use spacetimedb_sats::{bsatn, AlgebraicValue, SpacetimeType, WithTypespace};

    #[derive(Default)]
    struct Inline(Typespace);

    impl TypespaceBuilder for Inline {
        fn add(
            &mut self,
            _: std::any::TypeId,
            _: Option<&'static str>,
            make: impl FnOnce(&mut Self) -> AlgebraicType,
        ) -> AlgebraicType {
            let ty = make(self);
            self.0.add(ty).into()
        }
    }

    #[derive(SpacetimeType)]
    #[sats(crate = spacetimedb_lib)]
    struct Everything {
        identity: Identity,
        at: ScheduleAt,
        when: Timestamp,
        maybe: Option<f32>,
        names: Vec<String>,
        grid: Vec<Vec<u8>>,
        wide: u128,
        deep: i128,
        flag: bool,
    }

    fn parameters() -> (Typespace, ProductType) {
        let mut builder = Inline::default();
        let types = [
            Everything::make_type(&mut builder),
            Vec::<Everything>::make_type(&mut builder),
            String::make_type(&mut builder),
        ];
        (builder.0, types.into_iter().collect())
    }

    #[test]
    fn every_kind_is_well_formed_in_both_forms() {
        let (typespace, parameters) = parameters();
        for kind in KINDS {
            for variant in 0..variants(&typespace, &parameters) {
                let arguments = generate(&typespace, &parameters, kind, variant, &[]);
                let ty = AlgebraicType::Product(parameters.clone());
                let ty = WithTypespace::new(&typespace, &ty);
                let mut rest = arguments.bsatn.as_slice();
                let decoded: AlgebraicValue = ty.deserialize(bsatn::Deserializer::new(&mut rest)).unwrap();
                assert!(rest.is_empty(), "{kind:?}: {} bytes are left over", rest.len());
                let Some(json) = arguments.json else { continue };
                let seed = SerdeWrapper(ty);
                let from_json = serde::de::DeserializeSeed::deserialize(seed, json).unwrap();
                assert_eq!(from_json, decoded, "{kind:?}");
            }
        }
    }

    #[test]
    fn what_is_oversized_is_bounded() {
        let (typespace, parameters) = parameters();
        for kind in [Kind::Oversized, Kind::OversizedControl] {
            let size = generate(&typespace, &parameters, kind, 0, &[]).bsatn.len();
            assert!((MAX_BYTES..3 * MAX_BYTES).contains(&size), "{kind:?}: {size} bytes");
        }
    }

    #[test]
    fn json_cannot_say_nan() {
        let (typespace, parameters) = parameters();
        assert_eq!(generate(&typespace, &parameters, Kind::Minimum, 0, &[]).json, None);
        assert_ne!(generate(&typespace, &parameters, Kind::Empty, 0, &[]).json, None);
    }

    #[test]
    fn what_fits_stays() {
        let typespace = Typespace::new(Vec::new());
        let parameters = ProductType::from([("bad", AlgebraicType::U64), ("to", AlgebraicType::U8)]);
        let arguments = generate(&typespace, &parameters, Kind::Maximum, 0, &[("to", 7)]);
        assert_eq!(arguments.json, Some(json!([u64::MAX, 7])));
    }

    #[test]
    fn the_largest_enum_is_found() {
        let (typespace, parameters) = parameters();
        assert_eq!(variants(&typespace, &parameters), 2);
        assert_eq!(variants(&typespace, &ProductType::unit()), 1);
    }
}
