//! What a request asks for in its URL: which fields, which records, in what order, how many at a time.

mod expression;
pub(crate) mod filter;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod parameters;
pub(crate) mod selection;
