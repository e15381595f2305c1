//! Who asks.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use belcheer_catalog::{Action, Actions, KeyRecord, Role, SoumScope, UserRecord};

/// Who asks, as the guard found out; handlers take it as an argument.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// `public`, `key:<id>` or `user:<name>`; the actor of what the request changes.
    pub(crate) id: Arc<str>,
    /// What they are to the service.
    pub(crate) role: Role,
    /// What they may do.
    pub(crate) actions: Actions,
    /// The soums that they may act on.
    pub(crate) soums: SoumScope,
    /// When their key ends, RFC 3339.
    pub(crate) expires_at: Option<Arc<str>>,
}

static PUBLIC: LazyLock<Caller> = LazyLock::new(|| Caller {
    id: Arc::from("public"),
    role: Role::Public,
    actions: Role::Public.actions(),
    soums: SoumScope::All,
    expires_at: None,
});

impl Caller {
    /// Anybody.
    pub(crate) fn public() -> Self {
        PUBLIC.clone()
    }

    /// Who holds a key.
    pub(super) fn of_key(key: &KeyRecord) -> Self {
        Self {
            id: format!("key:{}", key.id).into(),
            role: key.role,
            // a role that has lost an action since takes it from its keys
            actions: key.actions.and(key.role.actions()),
            soums: key.soums.clone(),
            expires_at: Some(key.expires_at.as_str().into()),
        }
    }

    /// Whom a token stands for.
    pub(super) fn of_user(user: &UserRecord) -> Self {
        Self {
            id: format!("user:{}", user.name).into(),
            role: user.role,
            actions: user.role.actions(),
            soums: user.soums.clone(),
            expires_at: None,
        }
    }

    /// Whether they gave no key.
    pub(crate) fn is_public(&self) -> bool {
        self.role == Role::Public
    }

    /// Whether they may do something.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.actions.contains(action)
    }

    /// Whether they may see assessments that are not published, of the soums that they may act on.
    pub(crate) fn sees_drafts(&self) -> bool {
        super::access::access().sees_drafts(self.role) && self.may(Action::Read)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    /// A request that did not pass the guard is anybody's.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::public))
    }
}
