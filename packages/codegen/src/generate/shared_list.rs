//! The list of shared tables, for tools that compare replicas.

use proc_macro2::TokenStream;
use quote::quote;

use super::Table;
use crate::parse::table::Replicas;

pub(super) fn generate(tables: &[Table]) -> TokenStream {
    let names = tables.iter().filter_map(|table| {
        let shared = table.decl.shared.as_ref()?;
        (shared.replicas == Replicas::All).then(|| table.decl.name.to_string())
    });
    quote! {
        /// Names of the shared tables of which every database has all rows.
        pub const TABLES_SHARED_WITH_ALL: &[&str] = &[#(#names),*];
    }
}
