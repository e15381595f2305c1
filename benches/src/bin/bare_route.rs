//! The practical limit of a service: one route of axum that gives the bytes of a file, and nothing else.
//!
//! usage: `bare_route FILE`; prints the address that it serves.

use std::io::Write as _;

use axum::Router;
use axum::body::Bytes;
use axum::routing::get;
use axum::serve::ListenerExt;

fn main() -> anyhow::Result<()> {
    let file = std::env::args().nth(1).ok_or_else(|| anyhow::anyhow!("usage: bare_route FILE"))?;
    let body = Bytes::from(std::fs::read(file)?);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        axum::serve(listener, Router::new().route("/", get(async move || body.clone()))).await?;
        Ok(())
    })
}
