//! Users, keys and kept answers: what is refused, what ends when, and what the trail says of it.

use belcheer_catalog::{
    Action, AuditFilter, Catalog, CatalogError, Claim, KeptAnswer, NewKey, NewUser, Role, SoumScope,
};
use belcheer_domain::Digest;
use chrono::{DateTime, Utc};

use crate::{AT, workspace};

fn user(name: &str, subject: Option<&str>) -> NewUser {
    NewUser {
        name: name.into(),
        subject: subject.map(str::to_owned),
        role: Role::Analyst,
        soums: "06404".parse().unwrap(),
        created_at: AT.into(),
        created_by: "cli:test".into(),
    }
}

fn key(id: &str) -> NewKey {
    NewKey {
        id: id.into(),
        secret: Digest::of(id.as_bytes()),
        role: Role::Analyst,
        actions: Role::Analyst.actions(),
        soums: SoumScope::All,
        label: "laptop".into(),
        holder: "bat".into(),
        created_at: AT.into(),
        created_by: "cli:test".into(),
        expires_at: "2026-04-05T00:00:00Z".into(),
        replaces: None,
    }
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn trail(catalog: &Catalog) -> Vec<(String, String)> {
    let entries = catalog.audit_trail(None, 100).await.unwrap();
    entries.into_iter().rev().map(|e| (e.action, e.subject)).collect()
}

#[tokio::test]
async fn a_user_is_found_by_subject_until_disabled() {
    let (_dir, catalog) = workspace().await;
    catalog.add_user(&user("bat", Some("oidc|7"))).await.unwrap();
    catalog.add_user(&user("dorj", None)).await.unwrap();
    catalog.add_user(&user("tuya", None)).await.unwrap();
    let found = catalog.user_of_subject("oidc|7").await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.role, found.disabled_at), ("bat", Role::Analyst, None));
    assert_eq!(found.soums.to_string(), "06404");
    assert_eq!(catalog.user_of_subject("").await.unwrap(), None, "nobody without a subject signs in by a token");
    for taken in [user("bat", None), user("other", Some("oidc|7"))] {
        assert!(matches!(catalog.add_user(&taken).await, Err(CatalogError::UserHeld { .. })));
    }
    for bad in ["", "two words", "ba\nt", &"x".repeat(65)] {
        assert!(matches!(catalog.add_user(&user(bad, None)).await, Err(CatalogError::Name { .. })), "{bad:?}");
    }
    catalog.disable_user("bat", "cli:test", AT).await.unwrap();
    catalog.disable_user("bat", "cli:test", AT).await.unwrap();
    assert!(catalog.user("bat").await.unwrap().unwrap().disabled_at.is_some());
    assert!(matches!(catalog.disable_user("nobody", "a", AT).await, Err(CatalogError::UnknownUser { .. })));
    let added = ["bat", "dorj", "tuya"].map(|name| ("user_add".to_owned(), name.to_owned()));
    assert_eq!(trail(&catalog).await, [added.to_vec(), vec![("user_disable".into(), "bat".into())]].concat());
}

#[tokio::test]
async fn a_key_counts_until_it_ends_is_revoked_or_its_holder_is_disabled() {
    let (_dir, catalog) = workspace().await;
    catalog.add_user(&user("bat", None)).await.unwrap();
    catalog.issue_key(&key("one")).await.unwrap();
    catalog.issue_key(&NewKey { holder: "a platform".into(), ..key("two") }).await.unwrap();
    let held = catalog.key("one").await.unwrap().unwrap();
    assert_eq!(
        (held.expires_at.as_str(), held.created_at.as_str()),
        ("2026-04-05T00:00:00.000Z", "2025-03-01T00:00:00.000Z")
    );
    assert!(held.is_valid(moment("2026-04-04T23:59:59Z")) && !held.is_valid(moment("2026-04-05T00:00:00Z")));
    assert!(!serde_json::to_string(&held).unwrap().contains(&held.secret.hex()));
    catalog.touch_key("one", AT).await.unwrap();
    assert_eq!(catalog.key("one").await.unwrap().unwrap().last_used.as_deref(), Some("2025-03-01T00:00:00.000Z"));
    catalog.disable_user("bat", "cli:test", AT).await.unwrap();
    let now = moment("2025-04-01T00:00:00Z");
    let valid: Vec<bool> = catalog.keys().await.unwrap().iter().map(|k| k.is_valid(now)).collect();
    assert_eq!(valid, [false, true]);
    catalog.revoke_key("two", "key:admin", AT).await.unwrap();
    catalog.revoke_key("two", "key:admin", AT).await.unwrap();
    assert!(!catalog.key("two").await.unwrap().unwrap().is_valid(now));
    assert!(matches!(catalog.revoke_key("three", "a", AT).await, Err(CatalogError::UnknownKey { .. })));
    let by = AuditFilter { actor: "key:admin".into(), ..AuditFilter::default() };
    let entries = catalog.audit_entries(&by, 10).await.unwrap();
    assert_eq!(entries.len(), 1, "revoking twice is one change");
    assert_eq!((entries[0].action.as_str(), entries[0].subject.as_str()), ("key_revoke", "two"));
    let earlier = AuditFilter { before: Some(entries[0].seq), ..AuditFilter::default() };
    assert!(catalog.audit_entries(&earlier, 10).await.unwrap().iter().all(|e| e.seq < entries[0].seq));
}

#[tokio::test]
async fn a_key_asks_for_no_more_than_its_role_and_400_days() {
    let (_dir, catalog) = workspace().await;
    let too_much = NewKey { actions: [Action::Publish].into_iter().collect(), ..key("a") };
    assert!(matches!(catalog.issue_key(&too_much).await, Err(CatalogError::KeyActions { .. })));
    let nothing = NewKey { actions: [].into_iter().collect(), ..key("a") };
    assert!(matches!(catalog.issue_key(&nothing).await, Err(CatalogError::KeyActions { .. })));
    let public = NewKey { role: Role::Public, actions: Role::Public.actions(), ..key("a") };
    assert!(matches!(catalog.issue_key(&public).await, Err(CatalogError::KeyActions { .. })));
    for end in ["2026-04-05T00:00:01Z", "2025-03-01T00:00:00Z", "2024-01-01T00:00:00Z"] {
        let key = NewKey { expires_at: end.into(), ..key("a") };
        assert!(matches!(catalog.issue_key(&key).await, Err(CatalogError::KeyLife)), "{end}");
    }
    for label in ["", "a\nb", &"x".repeat(121)] {
        let key = NewKey { label: label.into(), ..key("a") };
        assert!(matches!(catalog.issue_key(&key).await, Err(CatalogError::KeyWords)), "{label:?}");
    }
    assert!(catalog.keys().await.unwrap().is_empty() && trail(&catalog).await.is_empty());
}

#[tokio::test]
async fn a_replaced_key_ends_earlier_never_later() {
    let (_dir, catalog) = workspace().await;
    catalog.issue_key(&NewKey { expires_at: "2025-05-01T00:00:00Z".into(), ..key("old") }).await.unwrap();
    let replacing = |id: &str, until: &str| NewKey { replaces: Some(("old".into(), until.into())), ..key(id) };
    catalog.issue_key(&replacing("new", "2025-03-08T00:00:00Z")).await.unwrap();
    catalog.issue_key(&replacing("newer", "2025-12-01T00:00:00Z")).await.unwrap();
    assert_eq!(catalog.key("old").await.unwrap().unwrap().expires_at, "2025-03-08T00:00:00.000Z");
    assert_eq!(catalog.key("new").await.unwrap().unwrap().replaces.as_deref(), Some("old"));
    let unknown = NewKey { replaces: Some(("absent".into(), AT.into())), ..key("newest") };
    assert!(matches!(catalog.issue_key(&unknown).await, Err(CatalogError::UnknownKey { .. })));
    assert!(catalog.key("newest").await.unwrap().is_none(), "nothing of a refused rotation stays");
}

#[tokio::test]
async fn a_request_is_answered_once_a_day() {
    let (_dir, catalog) = workspace().await;
    let (request, other) = (Digest::of(b"request"), Digest::of(b"other"));
    let claim = |token, request, at| {
        let catalog = catalog.clone();
        async move { catalog.claim_request("key:a", token, request, at).await.unwrap() }
    };
    assert_eq!(claim("t", request, "2025-03-01T00:00:00Z").await, Claim::New);
    assert_eq!(claim("t", request, "2025-03-01T00:04:00Z").await, Claim::Running);
    assert_eq!(claim("t", other, "2025-03-01T00:04:00Z").await, Claim::Different);
    let answer = KeptAnswer { status: 201, headers: vec![("location".into(), "/x".into())], body: "{}".into() };
    catalog.settle_request("key:a", "t", Some(&answer)).await.unwrap();
    assert_eq!(claim("t", request, "2025-03-01T08:04:00+08:00").await, Claim::Answered(answer.clone()));
    assert_eq!(
        catalog.claim_request("key:b", "t", request, AT).await.unwrap(),
        Claim::New,
        "tokens are a caller's own"
    );
    assert_eq!(claim("t", request, "2025-03-01T23:59:00Z").await, Claim::Answered(answer));
    assert_eq!(claim("t", other, "2025-03-02T00:00:01Z").await, Claim::New, "kept for a day");
    catalog.settle_request("key:a", "t", None).await.unwrap();
    assert_eq!(claim("t", request, "2025-03-02T00:00:02Z").await, Claim::New, "what failed may be sent again");
    assert_eq!(claim("t", request, "2025-03-02T00:06:02Z").await, Claim::New, "what died may be sent again");
}
