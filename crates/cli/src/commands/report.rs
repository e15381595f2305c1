//! `report`: the page of a soum as one file, HTML or PDF.

use std::path::Path;
use std::process::{Command, Stdio};

use belcheer_api::ApiState;

use super::Context;
use crate::args::ReportArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Browsers that print pages, in the order they are looked for.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"];

/// Writes the report.
pub async fn run(args: &ReportArgs, context: &Context) -> Result<Outcome, Failure> {
    let kind = args.output.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !["html", "pdf"].contains(&kind.as_str()) {
        return Err(Failure::Usage(format!("{}: give the file the ending .html or .pdf", args.output.display())));
    }
    let state = ApiState::new(workspace::open(&context.workspace).await?);
    let page = belcheer_api::soum_report(&state, &args.soum, args.cycle.as_deref(), args.lang.as_str())
        .await
        .map_err(Failure::refused)?;
    if kind == "html" {
        std::fs::write(&args.output, page)?;
    } else {
        print(&page, &args.output)?;
    }
    context.say(&format!("wrote {}", args.output.display()));
    Ok(Outcome::Done)
}

/// Has a browser of this machine print the page; the page has no script and names no other address.
fn print(page: &str, output: &Path) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("report.html");
    std::fs::write(&source, page)?;
    let printed = folder.path().join("report.pdf");
    for browser in BROWSERS {
        let mut command = Command::new(browser);
        command.args(["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]);
        command.args(["--disable-component-update", "--disable-sync", "--no-pdf-header-footer"]);
        // its sandbox cannot be had by root
        command.arg("--no-sandbox");
        command.arg(format!("--user-data-dir={}", folder.path().join("browser").display()));
        command.arg(format!("--print-to-pdf={}", printed.display())).arg(&source);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Ok(ended) if ended.success() && printed.is_file() => {
                std::fs::copy(&printed, output)?;
                return Ok(());
            }
            Ok(ended) => return Err(Failure::refused(format!("{browser} could not print the report: {ended}"))),
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::refused(
        "a PDF is printed by Chromium, Chrome or Edge, and none is installed; write a .html and print it from any browser",
    ))
}
