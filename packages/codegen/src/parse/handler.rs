//! `#[inbox(Variant)]` and `#[outcome(Variant)]`.

use syn::{Attribute, Ident, ItemFn, Type, Visibility};

use super::reducer::{parameters, plain_function, returns_result, type_name, Parameter};
use super::{parse_arguments, snake_case};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlerKind {
    /// Takes a message in.
    Inbox,
    /// Hears what became of a message that was sent.
    Outcome,
}

impl HandlerKind {
    /// How the attribute is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Outcome => "outcome",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::Inbox => "(ctx: &ReducerContext, shared: &mut SharedTransaction, sender: u8, message: NameMsg)",
            Self::Outcome => {
                "(ctx: &ReducerContext, shared: &mut SharedTransaction, destination: u8, message: NameMsg, \
                 outcome: &MessageOutcome)"
            }
        }
    }
}

/// A function that handles a message, or the answer to one.
pub struct Handler {
    /// The variant of `MessageContents`.
    pub variant: Ident,
    /// Type of the message parameter.
    pub message: Type,
}

impl Handler {
    /// Reads the attribute and the signature.
    ///
    /// # Errors
    /// When the attribute holds anything but one name, or the function cannot be called by the generated dispatch.
    pub fn parse(kind: HandlerKind, attribute: &Attribute, function: &ItemFn) -> syn::Result<Self> {
        let name = kind.name();
        let variant =
            parse_arguments(attribute, |input: syn::parse::ParseStream| input.parse::<Ident>()).map_err(|_| {
                let message = format!("name the message: `#[{name}(Variant)]` with one variant of `MessageContents`");
                syn::Error::new_spanned(attribute, message)
            })?;
        plain_function(function, "a handler")?;
        snake_case(&function.sig.ident, "a handler")?;
        if matches!(function.vis, Visibility::Inherited) {
            let message = "a handler is `pub`: the generated dispatch calls it";
            return Err(syn::Error::new(function.sig.ident.span(), message));
        }
        let wrong =
            |at: &dyn quote::ToTokens| syn::Error::new_spanned(at, format!("`#[{name}]` goes with `{}`", kind.shape()));
        let parameters = parameters(function)?;
        let [context, shared, module, message, rest @ ..] = parameters.as_slice() else {
            return Err(wrong(&function.sig.ident));
        };
        let outcome = match (kind, rest) {
            (HandlerKind::Inbox, []) => None,
            (HandlerKind::Outcome, [outcome]) => Some((outcome, "MessageOutcome")),
            _ => return Err(wrong(&function.sig.ident)),
        };
        let expected = [
            (context, "ReducerContext"),
            (shared, "SharedTransaction"),
            (module, "u8"),
        ];
        for (Parameter { typed, .. }, expected) in expected.into_iter().chain(outcome) {
            if type_name(&typed.ty).as_deref() != Some(expected) {
                return Err(wrong(typed));
            }
        }
        returns_result(function, "a handler")?;
        Ok(Self {
            variant,
            message: (*message.typed.ty).clone(),
        })
    }
}
