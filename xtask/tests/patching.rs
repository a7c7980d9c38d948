//! Changes to YAML text: what is asked for happens, and nothing else does.

#[path = "patching/everywhere.rs"]
mod everywhere;
#[path = "patching/expected.rs"]
mod expected;
#[path = "patching/golden.rs"]
mod golden;
#[path = "patching/random.rs"]
mod random;
#[path = "patching/refused.rs"]
mod refused;

use serde_json::Value;
use xtask::patch::Edit;

fn put(pointer: &str, value: impl Into<Value>) -> Edit {
    Edit::Put(pointer.to_owned(), value.into())
}

fn remove(pointer: &str) -> Edit {
    Edit::Remove(pointer.to_owned())
}

fn insert(pointer: &str, value: impl Into<Value>) -> Edit {
    Edit::Insert(pointer.to_owned(), value.into())
}
