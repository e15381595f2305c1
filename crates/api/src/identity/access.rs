//! The access file: which roles may ask which route.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use axum::http::Method;
use belcheer_catalog::{Action, Role};
use serde::Deserialize;

const FILE: &str = include_str!("../../data/access.toml");

static ACCESS: LazyLock<Access> = LazyLock::new(|| {
    Access::read(FILE).unwrap_or_else(|error| {
        tracing::error!(%error, "the access file cannot be read: every route is refused");
        Access::default()
    })
});

/// The access file of this program.
pub(super) fn access() -> &'static Access {
    &ACCESS
}

/// The access file, as it is looked up.
#[derive(Debug, Default)]
pub(super) struct Access {
    drafts: Vec<Role>,
    /// By template of the path.
    routes: HashMap<String, Vec<(Method, Rule)>>,
}

/// What the file says of one route.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    roles: Vec<Role>,
    /// What a caller must have been granted.
    pub(super) action: Action,
    /// Whether the soum of the path must be the caller's.
    pub(super) soums: bool,
    /// Whether the request counts for the limit by address.
    pub(super) limited: bool,
    /// Whether a request with an idempotency key is done once.
    pub(super) idempotent: bool,
    /// Most bytes of the request's body; `None` where the route counts by itself.
    pub(super) body: Option<usize>,
    /// Longest time that the request may take.
    pub(super) time: Option<Duration>,
}

/// What the file says of a request.
#[derive(Debug)]
pub(super) enum Found {
    /// The route's rule.
    Rule(&'static Rule),
    /// The path is there, but takes other methods: these.
    OtherMethods(String),
    /// Nothing.
    Missing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    drafts: Vec<Role>,
    route: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    method: String,
    path: String,
    roles: Vec<Role>,
    action: Action,
    #[serde(default)]
    soums: bool,
    #[serde(default = "yes")]
    limited: bool,
    #[serde(default)]
    idempotent: bool,
    #[serde(default = "small")]
    body: usize,
    #[serde(default = "soon")]
    seconds: u64,
}

fn small() -> usize {
    16 << 10
}

fn soon() -> u64 {
    30
}

fn yes() -> bool {
    true
}

impl Access {
    fn read(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut routes: HashMap<String, Vec<(Method, Rule)>> = HashMap::new();
        for Row { method, path, roles, action, soums, limited, idempotent, body, seconds } in written.route {
            let method = Method::from_bytes(method.as_bytes()).map_err(|e| format!("{path}: {e}"))?;
            let of_path = routes.entry(path).or_default();
            let body = (body > 0).then_some(body);
            let time = (seconds > 0).then(|| Duration::from_secs(seconds));
            of_path.push((method, Rule { roles, action, soums, limited, idempotent, body, time }));
        }
        Ok(Self { drafts: written.drafts, routes })
    }

    /// Whether a role may see what is not published.
    pub(super) fn sees_drafts(&self, role: Role) -> bool {
        self.drafts.contains(&role)
    }

    /// What the file says of a method and the template of a path. HEAD is asked as GET.
    pub(super) fn find(&'static self, method: &Method, path: &str) -> Found {
        let Some(of_path) = self.routes.get(path) else {
            return Found::Missing;
        };
        let asked = if *method == Method::HEAD { &Method::GET } else { method };
        match of_path.iter().find(|(method, _)| method == asked) {
            Some((_, rule)) => Found::Rule(rule),
            None => Found::OtherMethods(allowed(of_path)),
        }
    }
}

/// The methods of a path as the header `Allow` writes them.
fn allowed(of_path: &[(Method, Rule)]) -> String {
    let mut methods = Vec::new();
    for (method, _) in of_path {
        methods.push(method.as_str());
        if *method == Method::GET {
            methods.push("HEAD");
        }
    }
    methods.join(",")
}

impl Rule {
    /// Whether everybody may.
    pub(super) fn is_public(&self) -> bool {
        self.roles.contains(&Role::Public)
    }

    /// Whether a role may.
    pub(super) fn allows(&self, role: Role) -> bool {
        self.is_public() || self.roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_used_by_the_roles_it_names() {
        let access = Access::read(FILE).unwrap();
        for (path, of_path) in &access.routes {
            for (method, rule) in of_path {
                let twice = of_path.iter().filter(|(other, _)| other == method).count();
                assert_eq!(twice, 1, "{method} {path} stands twice");
                assert!(!rule.roles.is_empty(), "{method} {path}: nobody may");
                for role in &rule.roles {
                    assert!(role.actions().contains(rule.action), "{method} {path}: {role} never has {}", rule.action);
                }
                assert!(!rule.soums || path.contains("{au2}"), "{method} {path}: no soum in the path");
                assert!(!rule.idempotent || *method == Method::POST, "{method} {path}: only POST is done once");
            }
        }
        assert!(!access.sees_drafts(Role::Public) && !access.sees_drafts(Role::Platform));
    }

    #[test]
    fn what_is_not_there_is_not_allowed() {
        assert!(matches!(access().find(&Method::GET, "/v1/secrets"), Found::Missing));
        assert!(matches!(access().find(&Method::HEAD, "/v1/soums"), Found::Rule(rule) if rule.is_public()));
        let Found::OtherMethods(methods) = access().find(&Method::PUT, "/v1/keys") else { panic!() };
        assert_eq!(methods, "GET,HEAD,POST");
        let Found::Rule(rule) = access().find(&Method::POST, "/v1/keys") else { panic!() };
        assert!(rule.allows(Role::Operator) && !rule.allows(Role::Public) && !rule.allows(Role::Reviewer));
    }

    #[test]
    fn a_file_with_unknown_words_is_refused() {
        for bad in ["drafts = []", "drafts = []\nroute = [{method='GET',path='/',roles=['king'],action='read'}]"] {
            assert!(Access::read(bad).is_err(), "{bad}");
        }
    }
}
