//! From a message that arrives, or its answer, to the handler that carries its name.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Fields, ItemEnum, Variant};

use super::{enumeration, functions};
use crate::parse::handler::{Handler, HandlerKind};
use crate::parse::reducer::type_name;
use crate::parse::table::Home;
use crate::parse::{parse_arguments, single, MESSAGE_CONTENTS};
use crate::source::{Mistakes, Sources};

/// Messages that keep replicas, which the plumbing handles itself, with what each carries.
const PLUMBING: [(&str, &str); 3] = [
    ("TableUpdate", "TableUpdateMsg"),
    ("TableCopy", "TableCopyMsg"),
    ("TableCopyRequest", "TableCopyRequestMsg"),
];

fn is_plumbing(variant: &Ident) -> bool {
    PLUMBING.iter().any(|(name, _)| variant == name)
}

pub(super) fn generate(home: Home, messages: &Sources, sources: &Sources) -> Result<TokenStream, Mistakes> {
    let Some((path, contents)) = enumeration(messages, MESSAGE_CONTENTS) else {
        let message = format!("there is no `pub enum {MESSAGE_CONTENTS}`; it lists every message between databases");
        return Err(Mistakes::of_file(Path::new("packages/messages/src"), message));
    };
    let mut mistakes = Mistakes::default();
    for (name, carried) in PLUMBING {
        if !contents.variants.iter().any(|variant| variant.ident == name) {
            let message = format!("add `#[to(region, global)] {name}({carried})`, which keeps replicas");
            mistakes.push(path, &syn::Error::new(contents.ident.span(), message));
        }
    }
    let inboxes = handlers(sources, HandlerKind::Inbox, contents, &mut mistakes);
    let outcomes = handlers(sources, HandlerKind::Outcome, contents, &mut mistakes);
    let mut receive = Vec::new();
    let mut answered = Vec::new();
    let mut made_good = Vec::new();
    for variant in &contents.variants {
        let (ident, text) = (&variant.ident, variant.ident.to_string());
        let directed = match directed_to(variant, home) {
            Ok(directed) => directed,
            Err(error) => {
                mistakes.push(path, &error);
                continue;
            }
        };
        if is_plumbing(ident) {
            continue;
        }
        let here = home.feature();
        match (directed, inboxes.get(&text)) {
            (true, None) => {
                let message =
                    format!("`{ident}` may arrive at the {here} module: add a handler there, `#[inbox({ident})]`");
                mistakes.push(path, &syn::Error::new(ident.span(), message));
            }
            (true, Some(Found { function, .. })) => {
                receive.push(quote!(MessageContents::#ident(message) => #function(ctx, shared, sender, message),));
            }
            (false, Some(Found { path, at, .. })) => {
                let message = format!(
                    "`{ident}` does not go to the {here} module: remove the handler, or write `#[to({here})]` at \
                     the message"
                );
                mistakes.push(path, &syn::Error::new(at.span(), message));
            }
            (false, None) => {}
        }
        if let Some(Found { function, .. }) = outcomes.get(&text) {
            answered.push(quote! {
                MessageContents::#ident(message) => #function(ctx, shared, destination, message, outcome),
            });
            made_good.push(quote!(| MessageContents::#ident(_)));
        }
    }
    mistakes.finish()?;
    Ok(dispatch(&receive, &answered, &made_good))
}

/// A handler in the module's sources.
struct Found<'a> {
    path: &'a Path,
    /// The variant's name as written in the attribute.
    at: Ident,
    function: TokenStream,
}

fn handlers<'a>(
    sources: &'a Sources,
    kind: HandlerKind,
    contents: &ItemEnum,
    mistakes: &mut Mistakes,
) -> BTreeMap<String, Found<'a>> {
    let mut handlers = BTreeMap::new();
    for (path, module, function) in functions(sources) {
        let handler = match single(&function.attrs, kind.name()) {
            Ok(None) => continue,
            Ok(Some(attribute)) => Handler::parse(kind, attribute, function),
            Err(error) => Err(error),
        };
        let handler = match handler {
            Ok(handler) => handler,
            Err(error) => {
                mistakes.push(path, &error);
                continue;
            }
        };
        if let Err(error) = check_message(&handler, contents) {
            mistakes.push(path, &error);
        }
        let (at, name) = (handler.variant, &function.sig.ident);
        let found = Found {
            path,
            at: at.clone(),
            function: quote!(crate::#module #name),
        };
        if handlers.insert(at.to_string(), found).is_some() {
            let message = format!("a second `#[{}({at})]`; a message has one handler", kind.name());
            mistakes.push(path, &syn::Error::new(at.span(), message));
        }
    }
    handlers
}

/// The variant exists, is not the plumbing's, and carries what the handler takes.
fn check_message(handler: &Handler, contents: &ItemEnum) -> syn::Result<()> {
    let Handler { variant, message } = handler;
    let Some(known) = contents.variants.iter().find(|known| known.ident == *variant) else {
        let text = format!("`{MESSAGE_CONTENTS}` has no `{variant}`; add it there, with `#[to(...)]`");
        return Err(syn::Error::new(variant.span(), text));
    };
    if is_plumbing(variant) {
        let text =
            format!("`{variant}` is handled already; `#[custom_inter_module_insert]` at a shared table adds to it");
        return Err(syn::Error::new(variant.span(), text));
    }
    let carried = known.fields.iter().next().and_then(|field| type_name(&field.ty));
    match carried {
        Some(carried) if type_name(message).as_deref() != Some(&carried) => Err(syn::Error::new_spanned(
            message,
            format!("`{variant}` carries a `{carried}`; write that here"),
        )),
        _ => Ok(()),
    }
}

/// Reads `#[to(region, global)]` off a variant.
fn directed_to(variant: &Variant, home: Home) -> syn::Result<bool> {
    let ident = &variant.ident;
    if !matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        return Err(syn::Error::new(
            ident.span(),
            format!("a message carries one struct: `{ident}({ident}Msg)`"),
        ));
    }
    let forms = "write `#[to(region)]`, `#[to(global)]` or `#[to(region, global)]`";
    let Some(to) = single(&variant.attrs, "to")? else {
        return Err(syn::Error::new(
            ident.span(),
            format!("where does `{ident}` go? {forms}"),
        ));
    };
    let mut homes = Vec::new();
    let parser = syn::meta::parser(|meta| {
        let home = meta
            .path
            .get_ident()
            .and_then(Home::parse)
            .ok_or_else(|| meta.error(forms))?;
        homes.push(home);
        Ok(())
    });
    parse_arguments(to, parser)?;
    if homes.is_empty() {
        return Err(syn::Error::new_spanned(to, format!("where does `{ident}` go? {forms}")));
    }
    Ok(homes.contains(&home))
}

fn dispatch(receive: &[TokenStream], answered: &[TokenStream], made_good: &[TokenStream]) -> TokenStream {
    quote! {
        /// Messages that arrive, and answers to messages that were sent.
        pub mod dispatch {
            use ::hexmarch_base::{dead_letter, Failure};
            use ::hexmarch_base::inter_module::{self, Dispatch};
            use ::hexmarch_base::shared::{self as shared_tables, SharedTransaction};
            use ::hexmarch_macros::reducer;
            use ::hexmarch_messages::inter_module::{InterModuleMessage, MessageContents, MessageOutcome, MessageResult};
            use ::spacetimedb::ReducerContext;

            /// The handlers of this module.
            pub struct Handlers;

            impl Dispatch for Handlers {
                fn receive(
                    &self,
                    ctx: &ReducerContext,
                    shared: &mut SharedTransaction,
                    sender: u8,
                    contents: MessageContents,
                ) -> Result<(), Failure> {
                    match contents {
                        MessageContents::TableUpdate(update) => shared_tables::apply(ctx, &crate::Inserts, sender, update),
                        MessageContents::TableCopy(part) => shared_tables::copy::apply(ctx, &crate::Inserts, sender, part),
                        MessageContents::TableCopyRequest(_) => {
                            shared_tables::copy::start(ctx, sender);
                            Ok(())
                        }
                        #(#receive)*
                        #[allow(unreachable_patterns)]
                        _ => Err(inter_module::unexpected()),
                    }
                }

                fn answered(
                    &self,
                    ctx: &ReducerContext,
                    shared: &mut SharedTransaction,
                    destination: u8,
                    contents: MessageContents,
                    outcome: &MessageOutcome,
                ) -> Result<(), Failure> {
                    match contents {
                        MessageContents::TableCopy(part) => {
                            shared_tables::copy::answered(ctx, destination, &part, outcome);
                            Ok(())
                        }
                        MessageContents::TableCopyRequest(_) => {
                            shared_tables::copy::requested(ctx, destination, outcome);
                            Ok(())
                        }
                        #(#answered)*
                        _ => Ok(()),
                    }
                }

                fn makes_good(&self, contents: &MessageContents) -> bool {
                    matches!(
                        contents,
                        MessageContents::TableCopy(_) | MessageContents::TableCopyRequest(_) #(#made_good)*
                    )
                }
            }

            /// The relay delivers messages. In order and each at most once: see `inter_module::process`.
            #[reducer]
            #[access(Relay)]
            #[shared_table_reducer]
            pub fn process_inter_module_messages(
                ctx: &ReducerContext,
                shared: &mut SharedTransaction,
                sender: u8,
                previous_id: u64,
                messages: Vec<InterModuleMessage>,
            ) -> Result<(), Failure> {
                inter_module::process(ctx, shared, &Handlers, sender, previous_id, messages)
            }

            /// The relay brings the answers to messages sent from here. Idempotent.
            #[reducer]
            #[access(Relay)]
            #[shared_table_reducer]
            pub fn on_inter_module_messages_processed(
                ctx: &ReducerContext,
                shared: &mut SharedTransaction,
                results: Vec<MessageResult>,
            ) -> Result<(), Failure> {
                inter_module::all_answered(ctx, shared, &Handlers, results)
            }

            /// Sends a dead letter again: what it holds to where its owner is now, else the message to where it went.
            ///
            /// # Errors
            /// `dead_letter.unknown|<id>`; `dead_letter.no_owner|<id>`: then it stays.
            #[reducer]
            #[access(Relay)]
            #[shared_table_reducer]
            pub fn retry_inter_module_dead_letter(
                ctx: &ReducerContext,
                shared: &mut SharedTransaction,
                message_id: u64,
            ) -> Result<(), Failure> {
                dead_letter::retry(ctx, shared, &Handlers, message_id)
            }
        }
    }
}
