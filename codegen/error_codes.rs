//! `ErrorCode`, a variant for each code of the catalogue, and `Operation`, a variant for each operation.

use std::collections::BTreeMap;

use quote::quote;
use serde_json::Value;

use super::At;
use super::document::join;
use super::names::Variants;
use super::releases::{first, introduced, later, release};
use super::spec::{components, operations, target};

/// Generates both enums.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let mut documented: BTreeMap<u64, Vec<syn::Ident>> = BTreeMap::new();
    let (mut idents, mut ids, mut methods, mut paths, mut docs) = (vec![], vec![], vec![], vec![], vec![]);
    let (mut collecting, mut releases, mut laters) = (vec![], vec![], vec![]);
    let mut names_of_operations = Variants::beside(&[]);
    for operation in operations(spec) {
        let ident = names_of_operations.add(operation.id(), &join(&operation.pointer, "operationId"))?;
        for (_, code) in operation.codes() {
            documented.entry(code.unwrap_or_default()).or_default().push(ident.clone());
        }
        docs.push(operation.value["summary"].as_str().unwrap_or(operation.id()).to_owned());
        collecting
            .push(operation.parameters().any(|(_, parameter)| target(spec, parameter)["name"] == "return_timeout"));
        let first = first(&operation)?;
        let names = later(spec, &operation, first)?.into_iter().map(|(name, since)| {
            let since = release(since);
            quote!((#name, #since))
        });
        laters.push(quote!(const { &[#(#names),*] }));
        releases.push(release(first));
        idents.push(ident);
        ids.push(operation.id());
        methods.push(operation.method.to_uppercase());
        paths.push(operation.path);
    }

    let (mut variants, mut codes, mut names, mut uses) = (vec![], vec![], vec![], vec![]);
    let (mut summaries, mut remedies, mut introductions) = (vec![], vec![], vec![]);
    let mut names_of_codes = Variants::beside(&["Other"]);
    for (pointer, code, entry) in components(spec, "x-ontap-error-codes") {
        let text = |member: &str| entry[member].as_str().unwrap_or_default();
        variants.push(names_of_codes.add(text("name"), &join(&pointer, "name"))?);
        names.push(text("name"));
        summaries.push(Some(text("summary")).filter(|summary| !summary.is_empty()));
        remedies.push(Some(text("remedy")).filter(|remedy| !remedy.is_empty()));
        introductions.push(match introduced(entry, &pointer)?.map(release) {
            Some(since) => quote!(Some(#since)),
            None => quote!(None),
        });
        let number: u64 = code.parse().map_err(|_| At::new(pointer, "not a number"))?;
        let users = documented.get(&number).map(Vec::as_slice).unwrap_or_default();
        uses.push(quote!(&[#(Operation::#users),*]));
        codes.push(code);
    }
    let variant_doc = |(code, summary): (&&str, &Option<&str>)| match summary {
        Some(summary) => format!("{code}: {summary}"),
        None => format!("{code}."),
    };
    let variant_docs: Vec<_> = codes.iter().zip(&summaries).map(variant_doc).collect();
    let optional = |text: Option<&str>| match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    };
    let summaries = summaries.into_iter().map(optional);
    let remedies = remedies.into_iter().map(optional);

    let tokens = quote! {
        /// An operation of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            #(#[doc = #docs] #idents,)*
        }

        impl Operation {
            /// All operations, in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#idents),*];

            /// The operation's `operationId` in the spec.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { #(Self::#idents => #ids,)* }
            }

            /// Its HTTP method.
            #[must_use]
            pub fn method(self) -> &'static str {
                match self { #(Self::#idents => #methods,)* }
            }

            /// Its path below `/api`, with the names of path parameters in braces.
            #[must_use]
            pub fn path(self) -> &'static str {
                match self { #(Self::#idents => #paths,)* }
            }

            /// The release of ONTAP that brought the operation.
            #[must_use]
            pub fn introduced(self) -> Release {
                match self { #(Self::#idents => #releases,)* }
            }

            /// The parameters and fields of a body that came after the operation, by dotted name.
            pub(crate) fn later(self) -> &'static [(&'static str, Release)] {
                match self { #(Self::#idents => #laters,)* }
            }

            /// Whether ONTAP may collect records for a while before it answers.
            pub(crate) fn has_return_timeout(self) -> bool {
                match self { #(Self::#idents => #collecting,)* }
            }
        }

        /// An error code of ONTAP.
        ///
        /// One variant for each code that the reference pages of IPsec document; ONTAP's general codes, and those of other
        /// releases, are kept in [`ErrorCode::Other`].
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            #(#[doc = #variant_docs] #variants,)*
            /// A code that the spec does not name, as ONTAP gave it.
            Other(String),
        }

        impl ErrorCode {
            /// All codes that the spec names, in order.
            pub const DOCUMENTED: &'static [Self] = &[#(Self::#variants),*];

            /// The code as ONTAP writes it: decimal digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { #(Self::#variants => #codes,)* Self::Other(code) => code }
            }

            /// The code's stable name in the spec, or nothing for a code that is not there.
            #[must_use]
            pub fn name(&self) -> Option<&'static str> {
                match self { #(Self::#variants => Some(#names),)* Self::Other(_) => None }
            }

            /// Returns the meaning of the code in one sentence; nothing for a code without a name or words in the spec.
            #[must_use]
            pub fn summary(&self) -> Option<&'static str> {
                match self { #(Self::#variants => #summaries,)* Self::Other(_) => None }
            }

            /// Returns the remedy in one sentence, for the sender of the request. The words are this project's: ONTAP
            /// documents no remedies. Returns nothing for a code without a name or words in the spec.
            #[must_use]
            pub fn remedy(&self) -> Option<&'static str> {
                match self { #(Self::#variants => #remedies,)* Self::Other(_) => None }
            }

            /// The release of ONTAP that brought the code, where the spec says so: for most codes it does not.
            #[must_use]
            pub fn introduced(&self) -> Option<Release> {
                match self { #(Self::#variants => #introductions,)* Self::Other(_) => None }
            }

            /// The operations whose documentation lists the code.
            #[must_use]
            pub fn operations(&self) -> &'static [Operation] {
                match self { #(Self::#variants => #uses,)* Self::Other(_) => &[] }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(code: &str) -> Self {
                match code { #(#codes => Self::#variants,)* other => Self::Other(other.to_owned()) }
            }
        }
    };
    syn::parse2(tokens).map_err(|error| {
        At::new(
            "/components/x-ontap-error-codes",
            format!("the names of codes or operations cannot become Rust names: {error}"),
        )
    })
}
