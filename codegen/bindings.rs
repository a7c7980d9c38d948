//! The client and its types, by progenitor.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Mutex, PoisonError};

use heck::ToPascalCase;
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;

use super::At;
use super::api_version;
use super::open_enums;
use super::spec::{components, read};

/// The schemas of lists in queries. An array is sent as `fields=a&fields=b`; ONTAP takes `fields=a,b`.
pub(crate) const COMMA_LISTS: [&str; 2] = ["field_list", "order_by"];

/// The schema of secrets. A plain string would show in the `Debug` of everything that holds it.
pub(crate) const SECRET: &str = "secret_key";

/// Generates the client from the lowered spec.
pub(crate) fn generate(lowered: &Value, json_schema: bool) -> Result<syn::File, At> {
    let spec: OpenAPI = read(lowered, "")?;
    let settings = settings(lowered, json_schema);
    let tokens = quietly(|| Generator::new(&settings).generate_tokens(&spec).map_err(|error| error.to_string()))
        .map_err(|cause| At::new("/openapi", format!("beyond the generator of the bindings: {cause}")))?;
    let mut file: syn::File = syn::parse2(tokens)
        .map_err(|error| At::new("/openapi", format!("the generator wrote bindings that are not Rust: {error}")))?;
    Mend::default().visit_file_mut(&mut file);
    Ok(file)
}

fn settings(lowered: &Value, json_schema: bool) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::hooks::Hooks));
    settings.with_replacement(SECRET.to_pascal_case(), "::ontap_ipsec::SecretKey", [TypeImpl::FromStr].into_iter());
    // A closed enum fails the whole page on the first value of a newer ONTAP.
    let enums = components(lowered, "schemas").filter(|(_, _, schema)| open_enums::is_enum(schema));
    for name in enums.map(|(_, name, _)| name).chain(COMMA_LISTS) {
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
        Err(words.unwrap_or("it stopped without a word").to_owned())
    })
}

fn is_path<const N: usize>(path: &syn::Path, segments: [&str; N]) -> bool {
    path.segments.iter().map(|segment| &segment.ident).eq(segments.iter())
}

/// Corrects what settings cannot. One visitor for all of it: each costs who builds the crate 360 functions to compile.
#[derive(Default)]
struct Mend {
    /// Whether this is code whose map of headers is gone.
    without_map: bool,
}

impl VisitMut for Mend {
    /// `Client::new` builds a client that follows redirects, with secrets, to any host, and panics where it cannot.
    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        let of_client = matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident("Client"));
        if of_client && item.trait_.is_none() {
            item.items.retain(|member| !matches!(member, syn::ImplItem::Fn(function) if function.sig.ident == "new"));
        }
        syn::visit_mut::visit_item_impl_mut(self, item);
    }

    /// An operation's builder that is dropped has sent nothing, and nothing says so.
    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if module.ident == "types" {
            return;
        }
        if module.ident == "builder" {
            for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                if let syn::Item::Struct(item) = item {
                    item.attrs.push(syn::parse_quote!(#[must_use = "nothing is sent before `send`"]));
                }
            }
        }
        syn::visit_mut::visit_item_mod_mut(self, module);
    }

    /// What an answer says may be known already, and its headers need not be copied.
    fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
        if is_path(&path.path, ["ResponseValue", "from_response"]) {
            *path = syn::parse_quote!(crate::decoded::value);
        } else if is_path(&path.path, ["ResponseValue", "empty"]) {
            *path = syn::parse_quote!(crate::decoded::nothing);
        }
        syn::visit_mut::visit_expr_path_mut(self, path);
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let around = self.without_map;
        self.without_map |= api_version::take_out(block);
        syn::visit_mut::visit_block_mut(self, block);
        self.without_map = around;
    }

    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        if self.without_map {
            api_version::send_without_map(expression);
        }
        syn::visit_mut::visit_expr_mut(self, expression);
    }

    /// What a setter says of a value that it cannot take is in the generator's own terms, and names Rust types.
    fn visit_lit_str_mut(&mut self, text: &mut syn::LitStr) {
        let value = text.value();
        let field = value.strip_prefix("conversion to ").and_then(|rest| rest.strip_suffix(" failed"));
        if let Some((_, field)) = field.and_then(|rest| rest.split_once(" for ")) {
            *text = syn::LitStr::new(&format!("`{field}` was given a value that cannot be sent"), text.span());
        }
    }

    /// The snippets in the generator's docs are outlines; as `ignore`d doctests they would count as tests left out.
    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        if let syn::Meta::NameValue(meta) = &mut attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &mut meta.value
        {
            *text = syn::LitStr::new(&text.value().replace("```ignore", "```text"), text.span());
        }
    }
}
