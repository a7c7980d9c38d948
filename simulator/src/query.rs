//! Reads the query of a request: fields, filters, order and pages.

mod expression;
pub(crate) mod filter;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod parameters;
pub(crate) mod selection;
