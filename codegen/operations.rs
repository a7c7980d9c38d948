//! A builder for each operation: setters for its query, `into_request` and `send`.
//!
//! progenitor's builders borrow the client, have no docs for parameters, and return an error that shows whole responses.

use quote::{format_ident, quote};
use serde_json::Value;

use super::At;
use super::fields;
use super::names::{field_name, type_name};
use super::spec::{Operation, named, operations, success, target};

/// Generates the builders, and `Operations` with a method for each.
pub(crate) fn generate(spec: &Value) -> Result<syn::File, At> {
    let (mut methods, mut builders) = (Vec::new(), Vec::new());
    for operation in operations(spec) {
        let (method, builder) = one(spec, &operation)?;
        methods.push(method);
        builders.push(builder);
    }
    Ok(syn::parse_quote! {
        impl Operations {
            #(#methods)*
        }
        #(#builders)*
    })
}

/// Generates the setters of the blocking client's lists: those of the builders, one list for each collection.
pub(crate) fn generate_blocking(spec: &Value) -> Result<syn::File, At> {
    let mut lists: Vec<syn::ItemImpl> = Vec::new();
    for operation in operations(spec) {
        if !operation.parameters().any(|(_, parameter)| target(spec, parameter)["name"] == "max_records") {
            continue;
        }
        let builder = type_name(operation.id(), &operation.pointer)?;
        let Parameters { mut setters, .. } = parameters(spec, &operation)?;
        for (field, setter) in &mut setters {
            setter.block = syn::parse_quote!({
                self.list = self.list.#field(#field);
                self
            });
        }
        let setters = setters.into_iter().map(|(_, setter)| setter);
        lists.push(syn::parse_quote!(impl List<operations::#builder> { #(#setters)* }));
    }
    Ok(syn::parse_quote!(#(#lists)*))
}

fn one(spec: &Value, operation: &Operation<'_>) -> Result<(syn::ImplItemFn, syn::File), At> {
    let ident = type_name(operation.id(), &operation.pointer)?;
    let method = field_name(operation.id(), &operation.pointer)?;
    let summary = operation.value["summary"].as_str().unwrap_or(operation.id());
    let what = format!("{summary}: `{} {}`.", operation.method.to_uppercase(), operation.path);
    let description = operation.value["description"].as_str().unwrap_or_default();

    let Parameters { path, setters } = parameters(spec, operation)?;
    let setters = setters.into_iter().map(|(_, setter)| setter);
    let mut required = path.iter().map(|(_, field)| field.clone()).collect::<Vec<_>>();
    let mut types = vec![quote!(Uuid); required.len()];
    let body = if let Some((name, _)) = named(spec, operation.body()) {
        let body = type_name(name, &operation.pointer)?;
        required.push(format_ident!("body"));
        types.push(quote!(types::#body));
        quote!(Some(&self.body))
    } else {
        quote!(None::<&()>)
    };
    let (response, read) = match named(spec, &success(spec, operation)?["content"]["application/json"]["schema"]) {
        Some((name, _)) => {
            let name = type_name(name, &operation.pointer)?;
            (quote!(types::#name), quote!(self.exchange.send(Operation::#ident, &request, budget).await))
        }
        None => (quote!(()), quote!(self.exchange.send_for_nothing(Operation::#ident, &request, budget).await)),
    };
    let format = path.iter().fold(operation.path.to_owned(), |format, (name, field)| {
        format.replace(&format!("{{{name}}}"), &format!("{{{field}}}"))
    });
    let fields = path.iter().map(|(_, field)| field);
    let path = if path.is_empty() { quote!(#format) } else { quote!(&format!(#format, #(#fields = self.#fields),*)) };

    let start = syn::parse_quote! {
        #[doc = #what]
        pub fn #method(&self, #(#required: #types),*) -> #ident {
            #ident { exchange: self.exchange.clone(), query: Query::default(), #(#required),* }
        }
    };
    let builder = syn::parse_quote! {
        #[doc = #what]
        #[doc = ""]
        #[doc = #description]
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent before `send`"]
        pub struct #ident {
            pub(crate) exchange: Exchange,
            pub(crate) query: Query,
            #(pub(crate) #required: #types,)*
        }

        impl #ident {
            #(#setters)*

            /// Makes the request, with the headers of the client, and sends nothing. Credentials and user agent are added
            /// when it is sent.
            ///
            /// # Errors
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if a filter cannot be written, if the URL
            /// is too long, or if the body has no fields.
            pub fn into_request(self) -> Result<reqwest::Request> {
                self.request()
            }

            pub(crate) fn request(&self) -> Result<reqwest::Request> {
                self.exchange.request(Operation::#ident, #path, &self.query, #body)
            }

            /// Sends the request, again where that is safe and allowed, and reads the response.
            ///
            /// # Errors
            /// The errors of [`into_request`](Self::into_request), of the connection and of the cluster.
            pub async fn send(self) -> Result<Response<#response>> {
                let mut budget = self.exchange.budget();
                self.send_within(&mut budget).await
            }

            pub(crate) async fn send_within(&self, budget: &mut Budget) -> Result<Response<#response>> {
                let request = self.request()?;
                #read
            }
        }
    };
    Ok((start, builder))
}

/// The parameters of an operation.
struct Parameters {
    /// The parameters in the path: their names, and their fields.
    path: Vec<(String, syn::Ident)>,
    /// A setter for each of those in the query, with the name that it has.
    setters: Vec<(syn::Ident, syn::ImplItemFn)>,
}

fn parameters(spec: &Value, operation: &Operation<'_>) -> Result<Parameters, At> {
    let mut parameters = Parameters { path: Vec::new(), setters: Vec::new() };
    let fields = fields::of(spec, operation)?;
    for (pointer, parameter) in operation.parameters() {
        let parameter = target(spec, parameter);
        let name = parameter["name"].as_str().unwrap_or_default();
        let field = field_name(&name.replace('.', "_"), &pointer)?;
        match parameter["in"].as_str() {
            Some("path") if parameter["schema"]["format"] != "uuid" => {
                return Err(At::new(pointer, format!("the path parameter `{name}` has to be of the format `uuid`")));
            }
            Some("path") => parameters.path.push((name.to_owned(), field)),
            Some("query") => {
                let is_filter = fields.iter().any(|(known, _)| known.text == name);
                let setter = setter(spec, parameter, name, is_filter, &field, &pointer)?;
                parameters.setters.push((field, setter));
            }
            _ => {
                let cause = format!("the parameter `{name}` is neither in the path nor in the query");
                return Err(At::new(pointer, cause));
            }
        }
    }
    Ok(parameters)
}

/// A setter for a parameter of the query. A string is a filter, as is a number that is a field of the records: ONTAP's
/// operators work in all of them.
fn setter(
    spec: &Value,
    parameter: &Value,
    name: &str,
    is_filter: bool,
    field: &syn::Ident,
    pointer: &str,
) -> Result<syn::ImplItemFn, At> {
    let schema = &parameter["schema"];
    let (argument, set) = match target(spec, schema)["type"].as_str() {
        // An array is sent as `fields=a&fields=b` by default; ONTAP takes `fields=a,b`.
        Some("array") if parameter["style"] == "form" && parameter["explode"] == false => {
            (quote!(impl IntoIterator<Item = impl Display>), quote!(list(#name, #field)))
        }
        Some("array") => {
            let cause = format!("the list `{name}` has to be joined by commas: `style: form` and `explode: false`");
            return Err(At::new(pointer, cause));
        }
        Some("integer") if is_filter => (quote!(impl Into<Filter>), quote!(filter(#name, #field.into()))),
        Some("string") => (quote!(impl Into<Filter>), quote!(filter(#name, #field.into()))),
        Some("boolean") => (quote!(bool), quote!(set(#name, &#field))),
        Some("integer") => (quote!(u64), quote!(set(#name, &#field))),
        _ => return Err(At::new(pointer, format!("the parameter `{name}` is of a type that a query cannot have"))),
    };
    let verb = format!("Sets `{name}`.");
    let mut docs = vec![parameter["description"].as_str().unwrap_or_default().to_owned()];
    let limit = |key: &str| schema[key].as_u64();
    if let (Some(minimum), Some(maximum)) = (limit("minimum"), limit("maximum")) {
        docs.push(format!("From {minimum} to {maximum}."));
    }
    if target(spec, schema)["type"] == "array" {
        docs.push("An empty list is not sent.".to_owned());
    }
    if !schema["default"].is_null() {
        docs.push(format!("The default is {}.", schema["default"]));
    }
    if let Some(release) = parameter["x-ntap-introduced"].as_str() {
        docs.push(format!("ONTAP {release} and later."));
    }
    let docs = docs.join(" ");
    Ok(syn::parse_quote! {
        #[doc = #verb]
        #[doc = ""]
        #[doc = #docs]
        pub fn #field(mut self, #field: #argument) -> Self {
            self.query.#set;
            self
        }
    })
}
