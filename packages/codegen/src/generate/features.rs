//! The `mod` tree of feature folders and the list of agents: a new file or folder needs no registration.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::functions;
use crate::expand::agent_constant;
use crate::parse::find;
use crate::source::Sources;

/// One `pub mod feature { ... }` a folder. Files directly in `src` are declared by hand in `lib.rs`.
pub(super) fn generate(sources: &Sources, root: &Path) -> TokenStream {
    let mut folders: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    for file in &sources.files {
        let [feature, file_name] = file.module.as_slice() else {
            continue;
        };
        let path = root.join(feature).join(file_name).with_extension("rs");
        folders
            .entry(feature)
            .or_default()
            .push((file_name, path.to_string_lossy().into_owned()));
    }
    let features = folders.into_iter().map(|(feature, files)| {
        let feature_ident = Ident::new(feature, Span::call_site());
        let files = files.into_iter().map(|(file, path)| {
            if file == "mod" {
                return quote!(#[path = #path] mod feature; pub use feature::*;);
            }
            let ident = Ident::new(file, Span::call_site());
            quote!(#[path = #path] pub mod #ident;)
        });
        let doc = format!("Feature `{feature}`: one folder, one name.");
        quote! {
            #[doc = #doc]
            #[allow(unused_imports)]
            pub mod #feature_ident { #(#files)* }
        }
    });
    quote!(#(#features)*)
}

/// `AGENTS` and the reducers that start and stop them.
pub(super) fn agents(sources: &Sources) -> TokenStream {
    let agents = functions(sources)
        .filter(|(_, _, function)| find(&function.attrs, "agent").is_some())
        .map(|(_, module, function)| {
            let constant = agent_constant(&function.sig.ident);
            quote!(crate::#module #constant)
        });
    quote! {
        /// Every agent of this module.
        pub const AGENTS: &[::hexmarch_base::agents::Agent] = &[#(#agents),*];

        /// Starting and stopping the agents.
        pub mod agent_control {
            use ::hexmarch_base::Failure;
            use ::hexmarch_macros::reducer;
            use ::spacetimedb::ReducerContext;

            /// Lets the agents run again, and arms those that are not armed.
            #[reducer]
            #[access(Admin)]
            pub fn start_agents(ctx: &ReducerContext) -> Result<(), Failure> {
                ::hexmarch_base::agents::start(ctx, crate::AGENTS)
            }

            /// Pauses all agents: their timers go on, but do nothing.
            #[reducer]
            #[access(Admin)]
            pub fn stop_agents(ctx: &ReducerContext) -> Result<(), Failure> {
                ::hexmarch_base::agents::stop(ctx)
            }

            /// Disarms and arms every agent anew; each has one timer afterwards, however often this is called.
            #[reducer]
            #[access(Admin)]
            pub fn force_start_agents(ctx: &ReducerContext) -> Result<(), Failure> {
                ::hexmarch_base::agents::force_start(ctx, crate::AGENTS)
            }

            /// Applies the periods of `agent_desc` to the armed agents.
            #[reducer]
            #[access(Admin)]
            pub fn update_scheduled_timers_from_static_data(ctx: &ReducerContext) -> Result<(), Failure> {
                ::hexmarch_base::agents::update_timers(ctx, crate::AGENTS);
                Ok(())
            }
        }
    }
}
