//! Prints the names of the policies of one SVM, without an async runtime.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use ontap_ipsec::blocking::Client;

fn main() -> Result<(), ontap_ipsec::Error> {
    let client = Client::from_env()?;
    for policy in client.policies().list().svm_name("svm1").iter() {
        println!("{}", policy?.name.unwrap_or_default());
    }
    Ok(())
}
