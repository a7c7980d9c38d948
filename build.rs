//! Compiles `spec/ontap-ipsec.yaml` into types and operations, in OUT_DIR.

mod codegen;

use std::path::Path;
use std::{env, fs};

const SPEC: &str = "spec/ontap-ipsec.yaml";

fn main() {
    println!("cargo::rerun-if-changed={SPEC}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=codegen");
    if let Err(error) = generate() {
        // One line for each message: cargo ends a message at a line break.
        println!("cargo::error={}", error.replace('\n', " "));
    }
}

fn generate() -> Result<(), String> {
    let root = env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo did not set CARGO_MANIFEST_DIR")?;
    let out = env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?;
    let spec = fs::read_to_string(Path::new(&root).join(SPEC)).map_err(|error| format!("{SPEC}: {error}"))?;
    let json_schema = env::var_os("CARGO_FEATURE_SCHEMARS").is_some();
    for file in codegen::compile(&spec, json_schema).map_err(|fault| format!("{SPEC}:{fault}"))? {
        let path = Path::new(&out).join(file.name);
        fs::write(&path, file.text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
