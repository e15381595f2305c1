//! Assessments and publications: stored once, public by cycle, history kept.

use std::time::{Duration, Instant};

use belcheer_catalog::{CatalogError, Cycle, DatasetState, PublicationAction};
use belcheer_domain::Digest;
use serde_json::json;

use super::{AT, assessment, open, raster, workspace};

const LATER: &str = "2025-04-01T00:00:00Z";

#[tokio::test]
async fn an_assessment_is_stored_once_and_never_with_another_result() {
    let (_dir, catalog) = workspace().await;
    let first = assessment(&catalog, "a").await;
    catalog.add_assessment(&first).await.unwrap();
    let mut rerun = first.clone();
    rerun.manifest = json!({"run": {"seconds": 3}});
    rerun.created_at = LATER.to_owned();
    catalog.add_assessment(&rerun).await.unwrap();
    assert_eq!(catalog.assessment(first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(catalog.assessments().await.unwrap(), std::slice::from_ref(&first));
    let mut other = first.clone();
    other.result = catalog.put_json(&"another result").await.unwrap();
    let error = catalog.add_assessment(&other).await.unwrap_err();
    assert!(matches!(error, CatalogError::ResultConflict { held, .. } if held == first.result), "{error}");
    other.result = Digest::of(b"never stored");
    assert!(matches!(catalog.add_assessment(&other).await, Err(CatalogError::MissingBlob { .. })));
    assert_eq!(catalog.assessment(Digest::of(b"none")).await.unwrap(), None);
}

#[tokio::test]
async fn publish_supersede_withdraw_republish() {
    let (_dir, catalog) = workspace().await;
    let (a, b) = (assessment(&catalog, "a").await, assessment(&catalog, "b").await);
    for record in [&a, &b] {
        catalog.add_assessment(record).await.unwrap();
    }
    assert_eq!((catalog.published("2024").await.unwrap(), catalog.cycles().await.unwrap()), (None, vec![]));

    assert_eq!(catalog.publish(a.id, "2024", "cli:test", AT).await.unwrap(), None);
    assert_eq!(catalog.publish(a.id, "2024", "cli:test", LATER).await.unwrap(), None, "twice is once");
    assert_eq!(catalog.published("2024").await.unwrap(), Some(a.clone()));
    assert_eq!(catalog.publish(b.id, "2024", "cli:test", LATER).await.unwrap(), Some(a.id));
    assert_eq!(catalog.published("2024").await.unwrap(), Some(b.clone()));
    assert!(matches!(catalog.withdraw(a.id, "cli:test", LATER).await, Err(CatalogError::NotPublished { .. })));
    assert_eq!(catalog.withdraw(b.id, "cli:test", LATER).await.unwrap(), ["2024"]);
    assert_eq!((catalog.published("2024").await.unwrap(), catalog.cycles().await.unwrap()), (None, vec![]));
    assert!(matches!(catalog.withdraw(b.id, "cli:test", LATER).await, Err(CatalogError::NotPublished { .. })));
    assert_eq!(catalog.publish(a.id, "2024", "cli:test", LATER).await.unwrap(), None);
    let cycle = Cycle { cycle: "2024".to_owned(), assessment: a.id, published_at: LATER.to_owned() };
    assert_eq!(catalog.cycles().await.unwrap(), [cycle]);

    let history = catalog.history("2024").await.unwrap();
    let steps: Vec<_> = history.iter().map(|e| (e.assessment, e.action, e.supersedes)).collect();
    let (publish, withdraw) = (PublicationAction::Publish, PublicationAction::Withdraw);
    let expected = [(a.id, publish, None), (b.id, publish, Some(a.id)), (b.id, withdraw, None), (a.id, publish, None)];
    assert_eq!(steps, expected);
    assert!(catalog.history("2023").await.unwrap().is_empty());
}

#[tokio::test]
async fn cycles_are_apart_and_one_withdrawal_reaches_them_all() {
    let (_dir, catalog) = workspace().await;
    let (a, b) = (assessment(&catalog, "a").await, assessment(&catalog, "b").await);
    for record in [&a, &b] {
        catalog.add_assessment(record).await.unwrap();
    }
    for (id, cycle) in [(a.id, "2024"), (b.id, "2022"), (a.id, "2023-draft_1")] {
        catalog.publish(id, cycle, "cli:test", AT).await.unwrap();
    }
    let names = async || -> Vec<_> { catalog.cycles().await.unwrap().into_iter().map(|c| c.cycle).collect() };
    assert_eq!(names().await, ["2022", "2023-draft_1", "2024"]);
    assert_eq!(catalog.withdraw(a.id, "cli:test", LATER).await.unwrap(), ["2023-draft_1", "2024"]);
    assert_eq!(names().await, ["2022"]);
}

#[tokio::test]
async fn what_cannot_be_published_is_refused_in_words() {
    let (_dir, catalog) = workspace().await;
    let a = assessment(&catalog, "a").await;
    let unknown = catalog.publish(a.id, "2024", "cli:test", AT).await.unwrap_err().to_string();
    assert!(unknown.contains("run belcheer assess first"), "{unknown}");
    assert!(matches!(catalog.withdraw(a.id, "cli:test", AT).await, Err(CatalogError::UnknownAssessment { .. })));
    catalog.add_assessment(&a).await.unwrap();
    for cycle in ["", "20 24", "../2024", &"x".repeat(65), "2024\n"] {
        assert!(
            matches!(catalog.publish(a.id, cycle, "cli:test", AT).await, Err(CatalogError::CycleName { .. })),
            "{cycle}"
        );
    }
    assert!(matches!(catalog.publish(a.id, "2024", "cli:test", "now").await, Err(CatalogError::Time { .. })));
    assert!(catalog.history("2024").await.unwrap().is_empty());
}

#[tokio::test]
async fn the_mark_changes_with_what_readers_see_and_with_nothing_else() {
    let (dir, catalog) = workspace().await;
    let mark = async || catalog.publication_state().await.unwrap();
    let empty = mark().await;
    let record = assessment(&catalog, "a").await;
    catalog.add_assessment(&record).await.unwrap();
    catalog.audit("cli:somebody", "look", "a", &json!({}), AT).await.unwrap();
    assert_eq!(mark().await, empty, "a draft is not seen");
    catalog.publish(record.id, "2024", "cli:test", AT).await.unwrap();
    let published = mark().await;
    assert_ne!(published, empty, "what this program does shows at once");

    // another program: an opening of its own, so that nothing but the database tells of it
    let other = open(dir.path()).await.unwrap();
    other.withdraw(record.id, "cli:test", LATER).await.unwrap();
    let waited = Instant::now();
    while mark().await == published {
        assert!(waited.elapsed() < Duration::from_secs(5));
        tokio::task::yield_now().await;
    }
    assert!(waited.elapsed() < Duration::from_secs(2), "{:?}", waited.elapsed());

    let (first, second) = (raster(&catalog, "ndvi", None).await, raster(&catalog, "ndvi", Some("2020")).await);
    let mut seen = vec![mark().await];
    let (first, second) = (catalog.add_dataset(&first).await.unwrap(), catalog.add_dataset(&second).await.unwrap());
    seen.push(mark().await);
    for (digest, state) in [
        (second, DatasetState::Superseded),
        (first, DatasetState::Superseded),
        (second, DatasetState::Ready),
        (first, DatasetState::Ready),
    ] {
        catalog.set_dataset_state(digest, state).await.unwrap();
        seen.push(mark().await);
    }
    for (place, mark) in seen.iter().enumerate() {
        assert!(!seen[..place].contains(mark), "{place}: {seen:?}");
    }
}
