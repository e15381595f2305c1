//! The address that a request came from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of the client: the socket's, or what a trusted proxy says of it. None when there is no socket.
pub(super) fn client(request: &Request, trusted: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(counted(behind(peer.ip(), request.headers(), trusted)))
}

/// Walks `X-Forwarded-For` from its end, where our own proxies write, to the first address that is not one of them.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut found = peer.to_canonical();
    if trusted.is_empty() {
        return found;
    }
    let values: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let written = values.join(",");
    for said in written.rsplit(',') {
        let Ok(before) = said.trim().parse::<IpAddr>() else {
            return found;
        };
        if !trusted.iter().any(|net| net.contains(&found)) {
            return found;
        }
        found = before.to_canonical();
    }
    found
}

/// What limits count: an IPv4 address, or the /64 network of an IPv6 address, which one client has to itself.
fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|t| t.parse().unwrap()).collect();
        counted(behind(peer.parse().unwrap(), &headers, &trusted)).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"], &["10.0.0.0/8"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 1.2.3.4"], &["10.0.0.0/8"]), "1.2.3.4", "what the client wrote");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.0.0.2"], &["10.0.0.0/8"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["nonsense"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(seen("::ffff:10.0.0.1", &["2001:db8:1:2:3:4:5:6"], &["10.0.0.0/8"]), "2001:db8:1:2::");
    }
}
