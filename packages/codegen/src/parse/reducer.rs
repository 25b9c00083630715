//! `#[reducer]`, `#[agent]` and `#[timer]`.

use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, GenericArgument, Ident, ItemFn, LitInt, LitStr, Pat, PatType, PathArguments, ReturnType, Type,
};

use super::{find, parse_arguments, set, snake_case, take, without_arguments};

/// The words that `#[access(...)]` takes, least power first where they are roles.
pub const ACCESS: [&str; 10] = [
    "Anyone",
    "Player",
    "Partner",
    "SkipQueue",
    "Mod",
    "Gm",
    "Admin",
    "Relay",
    "Scheduler",
    "Lifecycle",
];

/// The words that `#[reducer(...)]` takes.
const LIFECYCLE: [&str; 3] = ["init", "client_connected", "client_disconnected"];

/// Annotations that only `#[reducer]` reads.
pub const REDUCER_ANNOTATIONS: [&str; 3] = ["access", "feature_gate", "shared_table_reducer"];

/// A function parameter with a plain name.
pub struct Parameter {
    /// Its name.
    pub ident: Ident,
    /// The parameter as written.
    pub typed: PatType,
}

/// What a reducer-like function takes, by role, behind the context.
pub struct Signature {
    /// `&mut SharedTransaction`, present with `#[shared_table_reducer]`.
    pub shared: Option<Parameter>,
    /// `SignedInPlayer`, for `#[access(Player)]`.
    pub player: Option<Parameter>,
    /// What the caller sends.
    pub rest: Vec<Parameter>,
}

impl Signature {
    /// Sorts the parameters of `function`, called `what` in messages, e.g. `a reducer`.
    ///
    /// # Errors
    /// When a wrapper of the same name could not call the function.
    pub fn parse(function: &ItemFn, what: &str) -> syn::Result<Self> {
        plain_function(function, what)?;
        snake_case(&function.sig.ident, what)?;
        let mut parameters = parameters(function)?.into_iter();
        let context = parameters.next();
        if !context
            .as_ref()
            .is_some_and(|first| is_reference_to(&first.typed.ty, "ReducerContext"))
        {
            let span = context.map_or(function.sig.ident.span(), |first| first.typed.span());
            return Err(syn::Error::new(
                span,
                format!("the first parameter of {what} is `ctx: &ReducerContext`"),
            ));
        }
        let mut signature = Self {
            shared: None,
            player: None,
            rest: Vec::new(),
        };
        for parameter in parameters {
            let name = type_name(&parameter.typed.ty).unwrap_or_default();
            let slot = match name.as_str() {
                "SharedTransaction" => &mut signature.shared,
                "SignedInPlayer" => &mut signature.player,
                _ => {
                    signature.rest.push(parameter);
                    continue;
                }
            };
            if slot.is_some() {
                return Err(syn::Error::new_spanned(
                    &parameter.typed,
                    format!("a call has one `{name}`; drop the second"),
                ));
            }
            *slot = Some(parameter);
        }
        returns_result(function, what)?;
        Ok(signature)
    }
}

/// The parameters of a free function.
///
/// # Errors
/// When one is a pattern or `self`.
pub fn parameters(function: &ItemFn) -> syn::Result<Vec<Parameter>> {
    let parameter = |argument: &FnArg| match argument {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => Ok(Parameter {
                ident: pattern.ident.clone(),
                typed: typed.clone(),
            }),
            other => Err(syn::Error::new_spanned(
                other,
                "give the parameter a plain name; take it apart in the body",
            )),
        },
        FnArg::Receiver(receiver) => Err(syn::Error::new_spanned(
            receiver,
            "this is for free functions, without `self`",
        )),
    };
    function.sig.inputs.iter().map(parameter).collect()
}

/// Refuses what a call from generated code cannot provide.
pub fn plain_function(function: &ItemFn, what: &str) -> syn::Result<()> {
    let signature = &function.sig;
    let wrong = |at: &dyn quote::ToTokens| {
        Err(syn::Error::new_spanned(
            at,
            format!("{what} is a plain `fn`: no `async`, `const`, `unsafe`, `extern` or generics"),
        ))
    };
    match (
        &signature.asyncness,
        &signature.constness,
        &signature.unsafety,
        &signature.abi,
    ) {
        (Some(word), ..) => wrong(word),
        (_, Some(word), ..) => wrong(word),
        (_, _, Some(word), _) => wrong(word),
        (.., Some(word)) => wrong(word),
        _ if !signature.generics.params.is_empty() => wrong(&signature.generics),
        _ if signature.generics.where_clause.is_some() => wrong(&signature.generics.where_clause),
        _ => Ok(()),
    }
}

/// Refuses a function that does not say how it failed, or that says more.
pub fn returns_result(function: &ItemFn, what: &str) -> syn::Result<()> {
    let span = match &function.sig.output {
        ReturnType::Type(_, ty) if is_result_of_nothing(ty) => return Ok(()),
        ReturnType::Type(_, ty) => ty.span(),
        ReturnType::Default => function.sig.ident.span(),
    };
    Err(syn::Error::new(span, format!("{what} returns `Result<(), Failure>`")))
}

fn is_result_of_nothing(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let ok = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.first(),
        _ => None,
    };
    let is_unit =
        |ok: &GenericArgument| matches!(ok, GenericArgument::Type(Type::Tuple(unit)) if unit.elems.is_empty());
    last.ident == "Result" && ok.is_none_or(is_unit)
}

/// The last path segment of a type, references stripped.
pub fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn is_reference_to(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Reference(_)) && type_name(ty).as_deref() == Some(name)
}

/// A reducer and who may call it.
pub struct ReducerDecl {
    /// One of [`ACCESS`].
    pub access: Ident,
    /// The category of `#[feature_gate("...")]`.
    pub gate: Option<LitStr>,
    /// One of [`LIFECYCLE`] or nothing.
    pub lifecycle: Option<Ident>,
    /// The parameters.
    pub signature: Signature,
}

impl ReducerDecl {
    /// Reads and removes the annotations.
    ///
    /// # Errors
    /// When access is not declared, or annotations and parameters do not go together.
    pub fn parse(attribute: &Attribute, function: &mut ItemFn) -> syn::Result<Self> {
        let lifecycle = parse_arguments(attribute, lifecycle_word)?;
        let access = take(&mut function.attrs, "access")?.ok_or_else(|| {
            let message = format!(
                "who may call this? add `#[access(...)]` below `#[reducer]` with {}",
                one_of(&ACCESS)
            );
            syn::Error::new(function.sig.ident.span(), message)
        })?;
        let access = access_word(&access)?;
        let gate = take(&mut function.attrs, "feature_gate")?
            .map(|found| category(&found))
            .transpose()?;
        let shared = take(&mut function.attrs, "shared_table_reducer")?;
        if let Some(found) = &shared {
            without_arguments(found, "shared_table_reducer")?;
        }
        let signature = Signature::parse(function, "a reducer")?;
        let decl = Self {
            access,
            gate,
            lifecycle,
            signature,
        };
        decl.validate(shared.as_ref())?;
        Ok(decl)
    }

    fn validate(&self, shared: Option<&Attribute>) -> syn::Result<()> {
        match (shared, &self.signature.shared) {
            (Some(found), None) => Err(syn::Error::new_spanned(
                found,
                "`#[shared_table_reducer]` hands the function a `shared: &mut SharedTransaction`; add the parameter",
            )),
            (None, Some(parameter)) => Err(syn::Error::new_spanned(
                &parameter.typed,
                "a `SharedTransaction` is given by `#[shared_table_reducer]`; add the attribute below `#[reducer]`",
            )),
            _ => Ok(()),
        }?;
        if let (Some(parameter), false) = (&self.signature.player, self.access == "Player") {
            let message =
                "a `SignedInPlayer` is given by `#[access(Player)]` alone; drop the parameter or change the access";
            return Err(syn::Error::new_spanned(&parameter.typed, message));
        }
        if (self.access == "Lifecycle") != self.lifecycle.is_some() {
            let message = format!(
                "`Lifecycle` goes with `#[reducer({})]`, and with nothing else",
                LIFECYCLE.join(" | ")
            );
            return Err(syn::Error::new(self.access.span(), message));
        }
        match (&self.lifecycle, self.signature.rest.first()) {
            (Some(_), Some(extra)) => Err(syn::Error::new_spanned(
                &extra.typed,
                "the host calls this and sends nothing; drop the parameter",
            )),
            _ => Ok(()),
        }
    }
}

fn one_of(words: &[&str]) -> String {
    format!("one of {}", words.join(", "))
}

fn lifecycle_word(input: ParseStream) -> syn::Result<Option<Ident>> {
    if input.is_empty() {
        return Ok(None);
    }
    let span = input.span();
    let word = input
        .parse::<Ident>()
        .ok()
        .filter(|word| input.is_empty() && LIFECYCLE.iter().any(|known| word == known));
    let message = || format!("`#[reducer]` takes nothing or {}", one_of(&LIFECYCLE));
    // What is left over would otherwise be reported in its own words.
    word.map(Some).ok_or_else(|| syn::Error::new(span, message()))
}

fn access_word(attribute: &Attribute) -> syn::Result<Ident> {
    match parse_arguments(attribute, |input: ParseStream| input.parse::<Ident>()) {
        Ok(word) if ACCESS.iter().any(|known| word == known) => Ok(word),
        Ok(word) => Err(syn::Error::new(
            word.span(),
            format!("no such access `{word}`; {}", one_of(&ACCESS)),
        )),
        Err(_) => Err(syn::Error::new_spanned(
            attribute,
            format!("`#[access(...)]` takes {}", one_of(&ACCESS)),
        )),
    }
}

/// The category of `#[feature_gate("...")]`, in the letters in which gates can be named.
fn category(attribute: &Attribute) -> syn::Result<LitStr> {
    let literal = parse_arguments(attribute, |input: ParseStream| input.parse::<LitStr>()).ok();
    let well_formed = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    literal.filter(|literal| well_formed(&literal.value())).ok_or_else(|| {
        let message = "name one category of lower case letters, digits and `_`: `#[feature_gate(\"movement\")]`";
        syn::Error::new_spanned(attribute, message)
    })
}

/// `#[agent(timer = table_name, every_millis = 5_000)]`.
pub struct AgentDecl {
    /// Name of the timer table.
    pub timer: Ident,
    /// Period when the content has no row for the agent, in milliseconds.
    pub every_millis: LitInt,
    /// The parameters.
    pub signature: Signature,
}

impl AgentDecl {
    /// Reads the attribute and the signature.
    ///
    /// # Errors
    /// When an argument is missing, unknown or out of range, or the function asks for input.
    pub fn parse(attribute: &Attribute, function: &ItemFn) -> syn::Result<Self> {
        let (mut timer, mut every_millis): (Option<Ident>, Option<LitInt>) = (None, None);
        let parser = syn::meta::parser(|meta| match meta.path.get_ident() {
            Some(key) if key == "timer" => set(&mut timer, &meta),
            Some(key) if key == "every_millis" => set(&mut every_millis, &meta),
            _ => Err(meta.error("unknown argument; `#[agent]` takes `timer = table_name` and `every_millis = 1_000`")),
        });
        parse_arguments(attribute, parser)?;
        let missing = |what| syn::Error::new_spanned(attribute, format!("an agent needs `{what}`"));
        let timer = timer.ok_or_else(|| missing("timer = name_of_its_timer_table"))?;
        snake_case(&timer, "a table")?;
        let every_millis = every_millis.ok_or_else(|| missing("every_millis = its_default_period"))?;
        if !every_millis.base10_parse::<u64>().is_ok_and(|period| period > 0) {
            return Err(syn::Error::new(
                every_millis.span(),
                "the period is a whole number of milliseconds, at least 1",
            ));
        }
        let found = REDUCER_ANNOTATIONS.iter().find_map(|name| find(&function.attrs, name));
        if let Some(found) = found {
            let message = "an agent is called by the scheduler alone and gets a `SharedTransaction` by asking for it; \
                           remove this";
            return Err(syn::Error::new_spanned(found, message));
        }
        let signature = Signature::parse(function, "an agent")?;
        if let Some(extra) = signature.rest.first().or(signature.player.as_ref()) {
            let message = "an agent takes no input: it looks at the world and mends what is due; drop the parameter";
            return Err(syn::Error::new_spanned(&extra.typed, message));
        }
        Ok(Self {
            timer,
            every_millis,
            signature,
        })
    }
}

/// `#[timer(name = table_name, reducer = function)]`.
pub struct TimerArguments {
    /// Name of the table.
    pub name: Ident,
    /// The reducer that a due row calls.
    pub reducer: Ident,
}

impl TimerArguments {
    /// Parses the attribute's arguments.
    ///
    /// # Errors
    /// When one is missing or unknown.
    pub fn parse(attribute: &Attribute) -> syn::Result<Self> {
        let (mut name, mut reducer): (Option<Ident>, Option<Ident>) = (None, None);
        let parser = syn::meta::parser(|meta| match meta.path.get_ident() {
            Some(key) if key == "name" => set(&mut name, &meta),
            Some(key) if key == "reducer" => set(&mut reducer, &meta),
            _ => Err(meta.error("unknown argument; `#[timer]` takes `name = table_name` and `reducer = function`")),
        });
        parse_arguments(attribute, parser)?;
        let missing = |what| syn::Error::new_spanned(attribute, format!("a timer needs `{what}`"));
        let name = name.ok_or_else(|| missing("name = table_name"))?;
        snake_case(&name, "a table")?;
        Ok(Self {
            name,
            reducer: reducer.ok_or_else(|| missing("reducer = function"))?,
        })
    }
}
