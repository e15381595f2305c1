//! Has the crate built again when the web application was.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::path::Path::new("../../web/dist").exists() {
        println!("cargo:rerun-if-changed=../../web/dist");
    } else {
        println!("cargo:warning=web/dist is missing: pages will be plain, without map and desk (run `make web`)");
    }
}
