//! `#[agent(timer = ..., every_millis = ...)]`: a scheduled reducer with its timer table and its entry in the list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{parse_quote, Ident, ItemFn};

use super::reducer::wrapped;
use super::{item_as, or_error};
use crate::parse::reducer::{AgentDecl, Parameter};

/// Expands `#[agent]`.
pub fn agent(arguments: TokenStream, item: TokenStream) -> TokenStream {
    or_error(&item, expand(arguments, item.clone()))
}

/// Name of the constant that describes the agent, found by the generated list.
pub fn constant(function: &Ident) -> Ident {
    format_ident!("{}", function.to_string().to_uppercase())
}

/// `auto_logout_loop_timer` to `AutoLogoutLoopTimer`.
pub fn camel(name: &Ident) -> Ident {
    let text: String = name
        .to_string()
        .split('_')
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect();
    Ident::new(&text, name.span())
}

fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let function: ItemFn = item_as(item, "agent", "function")?;
    let AgentDecl {
        timer,
        every_millis,
        mut signature,
    } = AgentDecl::parse(&parse_quote!(#[agent(#arguments)]), &function)?;
    let row = camel(&timer);
    signature.rest.push(Parameter {
        ident: format_ident!("_timer"),
        typed: parse_quote!(_timer: #row),
    });
    let name = &function.sig.ident;
    let text = name.to_string();
    let constant = constant(name);
    let before = quote! {
        ::hexmarch_base::access::check(ctx, ::hexmarch_base::access::Access::Scheduler)?;
        if !::hexmarch_base::agents::should_run(ctx) {
            return Ok(());
        }
    };
    let reducer = wrapped(&function, &signature, None, before);
    let row_doc = format!("Timer of the agent `{text}`: one row while it is armed.");
    let constant_doc = format!("How the agent `{text}` is armed and disarmed.");
    Ok(quote! {
        #[doc = #row_doc]
        #[::spacetimedb::table(name = #timer, scheduled(#name))]
        pub struct #row {
            /// Key; a new one each time the agent is armed.
            #[primary_key]
            #[auto_inc]
            pub scheduled_id: u64,
            /// The period.
            pub scheduled_at: ::spacetimedb::ScheduleAt,
        }

        #reducer

        #[doc = #constant_doc]
        pub const #constant: ::hexmarch_base::agents::Agent = ::hexmarch_base::agents::Agent {
            name: #text,
            every_millis: #every_millis,
            disarm: |ctx| {
                use ::spacetimedb::Table as _;
                for row in ctx.db.#timer().iter() {
                    ctx.db.#timer().scheduled_id().delete(row.scheduled_id);
                }
            },
            arm: |ctx, period| {
                use ::spacetimedb::Table as _;
                ctx.db.#timer().insert(#row { scheduled_id: 0, scheduled_at: period.into() });
            },
            period: |ctx| {
                use ::spacetimedb::Table as _;
                ctx.db.#timer().iter().next().and_then(|row| match row.scheduled_at {
                    ::spacetimedb::ScheduleAt::Interval(period) => Some(period),
                    ::spacetimedb::ScheduleAt::Time(_) => None,
                })
            },
        };
    })
}
