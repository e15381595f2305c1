//! Jobs: taken once, kept by a lease, ended once, begun again after a crash.

use belcheer_catalog::{Catalog, JobFilter, JobState, Lane, Lease, NewJob};
use serde_json::json;

use super::{AT, workspace};

fn lease(worker: &str, now_ms: i64) -> Lease<'_> {
    Lease { worker, now_ms, until_ms: now_ms + 10, at: AT }
}

async fn asked(catalog: &Catalog, id: &str, lane: Lane) {
    let job = NewJob {
        id: id.to_owned(),
        kind: "assess".to_owned(),
        lane,
        subject: "s".to_owned(),
        owner: "key:a".to_owned(),
        request: json!({ "b": 1, "a": [2] }),
    };
    catalog.add_job(&job, AT).await.unwrap();
}

#[tokio::test]
async fn a_job_is_taken_by_one_and_ended_by_that_one() {
    let (_dir, catalog) = workspace().await;
    asked(&catalog, "one", Lane::Long).await;
    asked(&catalog, "two", Lane::Short).await;
    assert!(catalog.job_waits(Lane::Long, 0).await.unwrap());
    let taken = catalog.take_job(Lane::Long, &lease("w1", 0)).await.unwrap().unwrap();
    assert_eq!((taken.id.as_str(), taken.state, taken.attempts), ("one", JobState::Running, 1));
    assert_eq!(taken.request, json!({ "a": [2], "b": 1 }));
    assert!(catalog.take_job(Lane::Long, &lease("w2", 5)).await.unwrap().is_none(), "its lease holds");
    assert!(catalog.renew_job("one", &lease("w1", 5), ("blocks", 3, 9)).await.unwrap());
    assert!(!catalog.renew_job("one", &lease("w2", 5), ("blocks", 4, 9)).await.unwrap());
    // w1 is heard of no more: w2 takes over, and w1 can end nothing
    let again = catalog.take_job(Lane::Long, &lease("w2", 100)).await.unwrap().unwrap();
    assert_eq!((again.attempts, again.done, again.total), (2, 3, 9));
    assert!(!catalog.finish_job("one", &lease("w1", 101), Ok(&json!(1))).await.unwrap());
    assert!(catalog.finish_job("one", &lease("w2", 101), Ok(&json!({ "x": 1 }))).await.unwrap());
    assert!(!catalog.finish_job("one", &lease("w2", 102), Err(&json!({}))).await.unwrap());
    let ended = catalog.job("one").await.unwrap().unwrap();
    assert_eq!((ended.state, ended.result), (JobState::Successful, Some(json!({ "x": 1 }))));
    let counts = catalog.job_counts().await.unwrap();
    assert_eq!(counts, [(JobState::Accepted, Lane::Short, 1), (JobState::Successful, Lane::Long, 1)]);
}

#[tokio::test]
async fn a_job_is_cancelled_resumed_and_given_back() {
    let (_dir, catalog) = workspace().await;
    asked(&catalog, "one", Lane::Long).await;
    catalog.take_job(Lane::Long, &lease("w", 0)).await.unwrap().unwrap();
    assert!(catalog.dismiss_job("one", AT).await.unwrap() && !catalog.dismiss_job("one", AT).await.unwrap());
    assert!(!catalog.renew_job("one", &lease("w", 1), ("", 0, 0)).await.unwrap(), "its worker learns of it");
    assert!(!catalog.finish_job("one", &lease("w", 1), Ok(&json!(1))).await.unwrap());
    assert!(catalog.resume_job("one", AT).await.unwrap() && !catalog.resume_job("one", AT).await.unwrap());
    let taken = catalog.take_job(Lane::Long, &lease("w", 2)).await.unwrap().unwrap();
    assert_eq!(taken.attempts, 1);
    assert!(catalog.return_job("one", &lease("w", 3), true).await.unwrap());
    assert_eq!(catalog.job("one").await.unwrap().unwrap().attempts, 0, "the service stopped: no attempt");
    catalog.take_job(Lane::Long, &lease("w", 4)).await.unwrap().unwrap();
    assert!(catalog.return_job("one", &lease("w", 5), false).await.unwrap());
    assert_eq!(catalog.job("one").await.unwrap().unwrap().attempts, 1, "the worker broke: one attempt");
    let of_others = JobFilter { owner: "key:b", ..JobFilter::default() };
    assert!(catalog.jobs(&of_others, 0, 10).await.unwrap().is_empty());
    assert_eq!(catalog.jobs(&JobFilter { subject: "s", ..JobFilter::default() }, 0, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn many_hands_take_every_job_once() {
    let (_dir, catalog) = workspace().await;
    for n in 0..24 {
        asked(&catalog, &format!("job-{n}"), Lane::Short).await;
    }
    let hands = (0..4).map(|hand| {
        let catalog = catalog.clone();
        tokio::spawn(async move {
            let (name, mut taken) = (format!("w{hand}"), Vec::new());
            while let Some(job) = catalog.take_job(Lane::Short, &lease(&name, 0)).await.unwrap() {
                assert!(catalog.finish_job(&job.id, &lease(&name, 1), Ok(&json!(hand))).await.unwrap());
                taken.push(job.id);
            }
            taken
        })
    });
    let mut all: Vec<String> =
        futures::future::join_all(hands).await.into_iter().flat_map(|taken| taken.unwrap()).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 24);
}
