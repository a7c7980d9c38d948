//! The header `api-version`, which the generator sends with each request, and ONTAP does not know.

use quote::ToTokens as _;
use syn::visit_mut::{VisitMut, visit_expr_mut};

/// The variable that holds the map of headers in the generator's code.
const MAP: &str = "header_map";

/// Takes the header out of the code of an operation; and the map that it was put into, if there is nothing else in it.
pub(crate) fn take_out(block: &mut syn::Block) {
    if !block.stmts.iter().any(declares_map) {
        return;
    }
    block.stmts.retain(|statement| !(appends(statement) && text(statement).contains("\"api-version\"")));
    if block.stmts.iter().any(appends) {
        return;
    }
    block.stmts.retain(|statement| !declares_map(statement));
    WithoutMap.visit_block_mut(block);
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

/// Sends requests without the map.
struct WithoutMap;

impl VisitMut for WithoutMap {
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        if let syn::Expr::MethodCall(call) = expression
            && call.method == "headers"
            && matches!(call.args.first(), Some(syn::Expr::Path(path)) if path.path.is_ident(MAP))
        {
            let without = (*call.receiver).clone();
            *expression = without;
        }
        visit_expr_mut(self, expression);
    }
}
