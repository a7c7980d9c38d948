//! The header `api-version`, which the generator sends with each request, and ONTAP does not know.

use quote::ToTokens as _;

/// The variable that holds the map of headers in the generator's code.
const MAP: &str = "header_map";

/// Takes the header out of the code of an operation; and the map that it was put into, if there is nothing else in it.
/// Whether the map is gone, so that the requests of this code have to be sent without it.
pub(crate) fn take_out(block: &mut syn::Block) -> bool {
    if !block.stmts.iter().any(declares_map) {
        return false;
    }
    block.stmts.retain(|statement| !(appends(statement) && text(statement).contains("\"api-version\"")));
    if block.stmts.iter().any(appends) {
        return false;
    }
    block.stmts.retain(|statement| !declares_map(statement));
    true
}

/// Makes a request that is sent with the map one that is not.
pub(crate) fn send_without_map(expression: &mut syn::Expr) {
    if let syn::Expr::MethodCall(call) = expression
        && call.method == "headers"
        && matches!(call.args.first(), Some(syn::Expr::Path(path)) if path.path.is_ident(MAP))
    {
        let without = (*call.receiver).clone();
        *expression = without;
    }
}

fn declares_map(statement: &syn::Stmt) -> bool {
    matches!(statement, syn::Stmt::Local(syn::Local { pat: syn::Pat::Ident(pattern), .. }) if pattern.ident == MAP)
}

/// Whether something is put into the map, at once or under a condition.
fn appends(statement: &syn::Stmt) -> bool {
    text(statement).contains(&format!("{MAP} . append"))
}

fn text(statement: &syn::Stmt) -> String {
    statement.to_token_stream().to_string()
}
