//! A type for each schema, by progenitor.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Mutex, PoisonError};

use heck::ToPascalCase;
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, TypeImpl};
use quote::{ToTokens as _, format_ident, quote};
use serde_json::Value;
use syn::punctuated::Punctuated;

use super::At;
use super::lower;
use super::names::type_name;
use super::open_enums;
use super::spec::{components, is_secret, read, request_bodies};
use super::written::{NUMBERS, is_reference, members};

/// Generates the types.
pub(crate) fn generate(spec: &Value, json_schema: bool) -> Result<syn::File, At> {
    let lowered: OpenAPI = read(&lower::lowered(spec), "")?;
    let settings = settings(spec, json_schema);
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&lowered).map_err(|error| error.to_string()))
        .map_err(|cause| {
            At::new("/components", format!("the generator of the types does not support this: {cause}"))
        })?;
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| At::new("/components", format!("the generator wrote types that are not Rust: {error}")))?;
    let items = std::mem::take(&mut file.items).into_iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let (_, items) = items.ok_or_else(|| At::new("/components", "the generator wrote no types"))?;
    let written = written(spec, json_schema)?;
    let mut conversions = None;
    for item in items {
        match item {
            syn::Item::Struct(mut item) => {
                let with = complete(&mut item, &written);
                file.items.extend([syn::Item::Struct(item), syn::Item::Impl(with)]);
            }
            syn::Item::Mod(module) if module.ident == "error" => conversions = Some(module),
            item => file.items.push(item),
        }
    }
    // The module is needed only if a type has a conversion.
    if file.to_token_stream().to_string().contains("ConversionError") {
        file.items.extend(conversions.map(syn::Item::Mod));
    }
    file.attrs.clear();
    Ok(file)
}

fn settings(spec: &Value, json_schema: bool) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    for (_, name, _) in components(spec, "schemas").filter(|(_, _, schema)| is_secret(schema)) {
        settings.with_replacement(name.to_pascal_case(), "::ontap_ipsec::SecretKey", [TypeImpl::FromStr].into_iter());
    }
    // A closed enum fails the whole page on the first value of a newer ONTAP.
    let enums = components(spec, "schemas").filter(|(_, _, schema)| open_enums::is_enum(schema));
    for (_, name, _) in enums {
        let name = name.to_pascal_case();
        let path = format!("::ontap_ipsec::values::{name}");
        settings.with_replacement(name, path, [TypeImpl::Display, TypeImpl::FromStr].into_iter());
    }
    settings.with_derive("PartialEq");
    if json_schema {
        settings.with_derive("::schemars::JsonSchema");
    }
    settings
}

/// The types that users write.
struct Written {
    bodies: Vec<syn::Ident>,
    members: Vec<syn::Ident>,
    references: Vec<syn::Ident>,
    json_schema: bool,
}

fn written(spec: &Value, json_schema: bool) -> Result<Written, At> {
    let ident = |(name, _): (&str, &Value)| type_name(name, "/components/schemas");
    Ok(Written {
        bodies: request_bodies(spec).map(ident).collect::<Result<_, _>>()?,
        members: members(spec).map(ident).collect::<Result<_, _>>()?,
        references: members(spec).filter(|(_, schema)| is_reference(schema)).map(ident).collect::<Result<_, _>>()?,
        json_schema,
    })
}

/// Lets the struct grow, lets users write its fields as they have them, and generates its `with_` methods.
fn complete(item: &mut syn::ItemStruct, written: &Written) -> syn::ItemImpl {
    item.attrs.push(syn::parse_quote!(#[non_exhaustive]));
    let ident = &item.ident;
    let (is_body, is_member) = (written.bodies.contains(ident), written.members.contains(ident));
    if is_body || is_member {
        // `written` has their `Deserialize`, which refuses members that it does not know.
        item.attrs.iter_mut().for_each(without_deserialize);
    }
    if is_body && written.json_schema {
        item.attrs.push(syn::parse_quote!(#[schemars(deny_unknown_fields)]));
    }
    let mut setters: Vec<syn::ImplItemFn> = Vec::new();
    for field in &mut item.fields {
        let Some(name) = &field.ident else { continue };
        let Some(content) = optional(&field.ty) else { continue };
        let mut schema = None;
        let is_number = NUMBERS.iter().any(|number| name == number);
        let last = content.path.segments.last().map(|segment| segment.ident.clone());
        if is_body && last.as_ref().is_some_and(|last| written.references.contains(last)) {
            schema = Some(format!("crate::model::written::reference_schema::<{}>", content.to_token_stream()));
        } else if (is_body || is_member) && is_number {
            schema = Some("crate::model::written::number_schema".to_owned());
        }
        if !is_body && last.as_ref().is_some_and(|last| written.members.contains(last)) {
            // Types of responses take unknown members: newer releases send them.
            let read = syn::parse_quote!(#[serde(default, deserialize_with = "crate::model::written::open")]);
            field.attrs.push(read);
        }
        if last.is_some_and(|last| last == "Vec") {
            let read = syn::parse_quote!(#[serde(default, deserialize_with = "crate::model::list::read")]);
            field.attrs.push(read);
        }
        if let Some(schema) = schema.filter(|_| written.json_schema) {
            field.attrs.push(syn::parse_quote!(#[schemars(schema_with = #schema)]));
        }
        let with = format_ident!("with_{}", name.to_string().trim_end_matches('_'));
        let (argument, value) = match is_number {
            true => (quote!(impl ToString), quote!(#name.to_string())),
            false => (quote!(impl Into<#content>), quote!(#name.into())),
        };
        let verb = format!("Sets `{name}`.");
        let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
        setters.push(syn::parse_quote! {
            #[doc = #verb]
            #[doc = ""]
            #(#docs)*
            #[must_use]
            pub fn #with(mut self, #name: #argument) -> Self {
                self.#name = Some(#value);
                self
            }
        });
    }
    syn::parse_quote!(impl #ident { #(#setters)* })
}

/// Takes `Deserialize` out of a `derive`.
fn without_deserialize(attribute: &mut syn::Attribute) {
    if let syn::Meta::List(list) = &mut attribute.meta
        && list.path.is_ident("derive")
    {
        let traits = list.parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
        let is_other = |path: &syn::Path| path.segments.last().is_none_or(|last| last.ident != "Deserialize");
        let traits = traits.into_iter().flatten().filter(is_other);
        list.tokens = quote!(#(#traits),*);
    }
}

/// Returns the type inside an `Option`.
fn optional(ty: &syn::Type) -> Option<&syn::TypePath> {
    let syn::Type::Path(path) = ty else { return None };
    let option = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &option.arguments else { return None };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(syn::Type::Path(content))) => Some(content),
        _ => None,
    }
}

/// Runs the generator, which answers much that it cannot do with a panic, and gives the panic's words as an error.
fn quietly<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    // The hook is the process's: where two threads compile, neither may put back the other's silence.
    static SILENCE: Mutex<()> = Mutex::new(());
    let _silence = SILENCE.lock().unwrap_or_else(PoisonError::into_inner);
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    set_hook(hook);
    outcome.unwrap_or_else(|payload| {
        let words =
            payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
        Err(words.unwrap_or("the generator stopped without a message").to_owned())
    })
}
