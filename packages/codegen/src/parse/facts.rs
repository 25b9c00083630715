//! What the annotations on a field say that must hold of its values: `#[references]`, `#[range]`, `#[length]`,
//! `#[localized]`, `#[distinct]`.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprRange, Field, GenericArgument, Ident, Lit, PathArguments, RangeLimits, Type, UnOp};

use super::{single, without_arguments};

/// Types that a reference is made of: the keys of content tables, and entries that are about one.
const REFERENCES: [&str; 9] = ["u8", "u16", "u32", "i8", "i16", "i32", "i64", "String", KNOWLEDGE_ENTRY];
/// An entry about a row of content, of which the category says the table.
pub const KNOWLEDGE_ENTRY: &str = "KnowledgeEntry";
/// Floating point types.
const FLOATS: [&str; 2] = ["f32", "f64"];

/// How a type holds values.
pub enum Shape<'a> {
    /// None or one.
    Optional(&'a Type),
    /// Any number.
    Many(&'a Type),
    /// One, of the type with this name.
    One(String),
    /// Something that holds no content.
    Other,
}

/// How `ty` as written holds values.
pub fn shape(ty: &Type) -> Shape<'_> {
    let Type::Path(path) = ty else { return Shape::Other };
    let Some(last) = path.path.segments.last() else {
        return Shape::Other;
    };
    match &last.arguments {
        PathArguments::None => Shape::One(last.ident.to_string()),
        PathArguments::AngleBracketed(arguments) => match (last.ident.to_string().as_str(), arguments.args.first()) {
            ("Option", Some(GenericArgument::Type(inner))) => Shape::Optional(inner),
            ("Vec", Some(GenericArgument::Type(inner))) => Shape::Many(inner),
            _ => Shape::Other,
        },
        PathArguments::Parenthesized(_) => Shape::Other,
    }
}

/// The name of the type below every `Option` and `Vec`.
pub fn leaf(ty: &Type) -> Option<String> {
    match shape(ty) {
        Shape::Optional(inner) | Shape::Many(inner) => leaf(inner),
        Shape::One(name) => Some(name),
        Shape::Other => None,
    }
}

/// Whether the type is a floating point number, which may be none.
pub fn is_float(name: &str) -> bool {
    FLOATS.contains(&name)
}

/// Both ends as written, included.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The least.
    pub low: Expr,
    /// The most.
    pub high: Expr,
}

/// The annotations of a field.
#[derive(Clone, Debug, Default)]
pub struct FieldFacts {
    /// `#[references(table)]`.
    pub references: Option<Ident>,
    /// `#[range(a..=b)]`.
    pub range: Option<Bounds>,
    /// `#[length(a..=b)]`.
    pub length: Option<Bounds>,
    /// `#[localized]`.
    pub localized: Option<Attribute>,
    /// `#[distinct]`.
    pub distinct: Option<Attribute>,
}

impl FieldFacts {
    /// Reads them.
    ///
    /// # Errors
    /// At the annotation that is wrong, or that the type of the field cannot bear.
    pub fn of(field: &Field) -> syn::Result<Self> {
        let flag = |name: &str| -> syn::Result<Option<Attribute>> {
            let found = single(&field.attrs, name)?;
            found.map_or(Ok(()), |found| without_arguments(found, name))?;
            Ok(found.cloned())
        };
        let (localized, distinct) = (flag("localized")?, flag("distinct")?);
        let facts = Self {
            references: single(&field.attrs, "references")?.map(references).transpose()?,
            range: bounds(field, "range")?,
            length: bounds(field, "length")?,
            localized,
            distinct,
        };
        facts.check_types(&field.ty)?;
        Ok(facts)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let Self {
            references,
            range,
            length,
            localized,
            distinct,
        } = self;
        references.is_none() && range.is_none() && length.is_none() && localized.is_none() && distinct.is_none()
    }

    fn check_types(&self, ty: &Type) -> syn::Result<()> {
        let leaf = leaf(ty).unwrap_or_default();
        if let (Some(table), false) = (&self.references, REFERENCES.contains(&leaf.as_str())) {
            let message = format!(
                "a reference is a key of `{table}`: a number of at most 64 bits or a `String`, an `Option` or `Vec` of \
                 these, or a `Vec<{KNOWLEDGE_ENTRY}>`"
            );
            return Err(syn::Error::new(ty.span(), message));
        }
        if let Some(bounds) = &self.range {
            check_bounds(bounds, &leaf, ty)?;
        }
        if let Some(bounds) = &self.length {
            let counted = match shape(ty) {
                Shape::Optional(inner) => shape(inner),
                other => other,
            };
            match counted {
                Shape::Many(_) => {}
                Shape::One(name) if name == "String" => {}
                _ => {
                    let message =
                        "`#[length]` counts the characters of a `String` or the elements of a `Vec`; numbers \
                                   have a `#[range]`";
                    return Err(syn::Error::new(ty.span(), message));
                }
            }
            check_bounds(bounds, "u32", ty)?;
        }
        match (&self.localized, shape(ty)) {
            (None, _) => Ok(()),
            (Some(_), Shape::One(name)) if name == "String" => Ok(()),
            (Some(_), _) => Err(syn::Error::new(
                ty.span(),
                "players read texts: `#[localized]` is for a `String`",
            )),
        }
    }

    /// Refuses what has a meaning for the columns of content tables alone.
    ///
    /// # Errors
    /// At the annotation.
    pub fn refuse_of_columns(&self) -> syn::Result<()> {
        for (found, name) in [(&self.localized, "localized"), (&self.distinct, "distinct")] {
            if let Some(found) = found {
                let message = format!("`#[{name}]` is for columns of content tables; remove this");
                return Err(syn::Error::new_spanned(found, message));
            }
        }
        Ok(())
    }

    /// Refuses what is checked in content alone.
    ///
    /// # Errors
    /// At the annotation.
    pub fn refuse_of_content(&self) -> syn::Result<()> {
        self.refuse_of_columns()?;
        for (found, name) in [(&self.range, "range"), (&self.length, "length")] {
            if let Some(found) = found {
                let message = format!("only content is checked against its `#[{name}]`, and this is none; remove this");
                return Err(syn::Error::new_spanned(&found.low, message));
            }
        }
        Ok(())
    }
}

fn references(attribute: &Attribute) -> syn::Result<Ident> {
    attribute.parse_args().map_err(|_| {
        let message = "name the content table whose key this is: `#[references(item_desc)]`";
        syn::Error::new_spanned(attribute, message)
    })
}

fn bounds(field: &Field, name: &str) -> syn::Result<Option<Bounds>> {
    let Some(attribute) = single(&field.attrs, name)? else {
        return Ok(None);
    };
    let wrong = || {
        let message = format!("write both ends, which are included: `#[{name}(1..=10)]`");
        syn::Error::new_spanned(attribute, message)
    };
    let range: ExprRange = attribute.parse_args().map_err(|_| wrong())?;
    match range {
        ExprRange {
            start: Some(low),
            limits: RangeLimits::Closed(_),
            end: Some(high),
            ..
        } => Ok(Some(Bounds { low: *low, high: *high })),
        _ => Err(wrong()),
    }
}

/// A number as written.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Number {
    Whole(i128),
    Float(f64),
}

fn check_bounds(bounds: &Bounds, type_name: &str, ty: &Type) -> syn::Result<()> {
    let Some(limits) = limits(type_name) else {
        return Err(syn::Error::new(
            ty.span(),
            "`#[range]` is for numbers of at most 64 bits; a `String` or a `Vec` has a `#[length]`",
        ));
    };
    let (low, high) = (number(&bounds.low, type_name)?, number(&bounds.high, type_name)?);
    for (end, value) in [(&bounds.low, low), (&bounds.high, high)] {
        let fits = match (value, limits) {
            (Number::Whole(value), Some((min, max))) => (min..=max).contains(&value),
            (Number::Float(value), None) => value.is_finite() && (type_name == "f64" || (value as f32).is_finite()),
            (Number::Whole(_), None) => {
                let message = format!("a `{type_name}` is written with a point: `{}.0`", end.to_token_stream());
                return Err(syn::Error::new_spanned(end, message));
            }
            (Number::Float(_), Some(_)) => {
                let message = format!("a `{type_name}` is a whole number");
                return Err(syn::Error::new_spanned(end, message));
            }
        };
        if !fits {
            return Err(syn::Error::new_spanned(end, format!("this is no `{type_name}`")));
        }
    }
    if low > high {
        return Err(syn::Error::new_spanned(
            &bounds.low,
            "no number is in this range; exchange its ends",
        ));
    }
    Ok(())
}

/// Least and most of a whole number's type; `Some(None)` for a float.
fn limits(type_name: &str) -> Option<Option<(i128, i128)>> {
    fn of<T: Into<i128>>(min: T, max: T) -> Option<Option<(i128, i128)>> {
        Some(Some((min.into(), max.into())))
    }
    match type_name {
        "u8" => of(u8::MIN, u8::MAX),
        "u16" => of(u16::MIN, u16::MAX),
        "u32" => of(u32::MIN, u32::MAX),
        "u64" => of(u64::MIN, u64::MAX),
        "i8" => of(i8::MIN, i8::MAX),
        "i16" => of(i16::MIN, i16::MAX),
        "i32" => of(i32::MIN, i32::MAX),
        "i64" => of(i64::MIN, i64::MAX),
        name if is_float(name) => Some(None),
        _ => None,
    }
}

/// The value of a literal, of one with a minus, or of `MIN` or `MAX` of the type.
fn number(expression: &Expr, type_name: &str) -> syn::Result<Number> {
    let wrong = || {
        let message = format!("write a number, `{type_name}::MIN` or `{type_name}::MAX`");
        syn::Error::new_spanned(expression, message)
    };
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) if int.suffix().is_empty() => int.base10_parse().map(Number::Whole),
            Lit::Float(float) if float.suffix().is_empty() => float.base10_parse().map(Number::Float),
            _ => Err(wrong()),
        },
        Expr::Unary(minus) if matches!(minus.op, UnOp::Neg(_)) => match number(&minus.expr, type_name)? {
            Number::Whole(value) => value.checked_neg().map(Number::Whole).ok_or_else(wrong),
            Number::Float(value) => Ok(Number::Float(-value)),
        },
        Expr::Path(path) => {
            let names: Vec<String> = path.path.segments.iter().map(|part| part.ident.to_string()).collect();
            let limits = limits(type_name).flatten();
            match (names.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), limits) {
                ([of, "MIN"], Some((min, _))) if *of == type_name => Ok(Number::Whole(min)),
                ([of, "MAX"], Some((_, max))) if *of == type_name => Ok(Number::Whole(max)),
                _ => Err(wrong()),
            }
        }
        _ => Err(wrong()),
    }
}
