//! What the service does without being asked: webhooks are told, uploads that nobody finishes are given up, and those
//! that a crash left complete become drafts.

use std::time::Duration;

use belcheer_catalog::{CatalogError, Delivery, DeliveryState, JobFilter, JobState, UploadState};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::{now, now_ms};
use crate::desk::drafts::inspect;
use crate::state::ApiState;
use crate::uploads::finish;

/// How often deliveries are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often uploads are looked through, in looks for deliveries.
const UPLOADS_EVERY: u64 = 60;
/// Deliveries told in one look.
const AT_ONCE: u32 = 20;
/// How often a delivery is told before it is given up: with doubling pauses, for about a day.
const ATTEMPTS_MAX: u64 = 14;
/// The pause after the first failed telling.
const FIRST_PAUSE_MS: i64 = 10_000;
/// How long an address may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// What is kept of an answer, characters.
const SAID_MAX: usize = 200;

/// Works until `stop` says true.
pub async fn keep_house(state: ApiState, mut stop: watch::Receiver<bool>) {
    let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).redirect(reqwest::redirect::Policy::none()).build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "webhooks cannot be told"),
    };
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut look: u64 = 0;
    loop {
        tokio::select! {
            _ = looks.tick() => {}
            _ = stop.changed() => return,
        }
        if look.is_multiple_of(UPLOADS_EVERY)
            && let Err(error) = look_through_uploads(&state).await
        {
            tracing::error!(%error, "uploads cannot be looked through");
        }
        if let Err(error) = tell(&state, &client).await {
            tracing::error!(%error, "webhooks cannot be told");
        }
        look += 1;
    }
}

async fn look_through_uploads(state: &ApiState) -> Result<(), CatalogError> {
    let given_up = state.catalog().expire_uploads(&now()).await?;
    if given_up > 0 {
        tracing::info!(given_up, "uploads were not finished in time");
    }
    for upload in state.catalog().uploads("", 0, 1000).await? {
        let done = match upload.state {
            UploadState::Receiving if upload.received == upload.length => finish(state, &upload).await,
            UploadState::Received if upload.preview.is_none() && nobody_looks(state, &upload.id).await? => {
                inspect(state, &upload.id, &upload.owner).await
            }
            _ => continue,
        };
        tracing::info!(upload = upload.id, "an upload that a stop interrupted goes on");
        if let Err(problem) = done {
            tracing::error!(upload = upload.id, code = problem.code, "an upload cannot be made a draft");
        }
    }
    Ok(())
}

/// Whether a draft waits for a look that no job will give it: the service stopped before it had asked for one.
async fn nobody_looks(state: &ApiState, draft: &str) -> Result<bool, CatalogError> {
    let filter = JobFilter { subject: draft, ..JobFilter::default() };
    let last = state.catalog().jobs(&filter, 0, 1).await?.into_iter().next();
    Ok(last.is_none_or(|job| job.state == JobState::Successful))
}

async fn tell(state: &ApiState, client: &reqwest::Client) -> Result<(), CatalogError> {
    let due = state.catalog().deliveries_due(now_ms(), AT_ONCE).await?;
    if due.is_empty() {
        return Ok(());
    }
    let webhooks = state.catalog().webhooks().await?;
    for delivery in due {
        let Some(webhook) = webhooks.iter().find(|webhook| webhook.id == delivery.webhook) else { continue };
        let said = send(client, &webhook.address, &webhook.secret, &delivery).await;
        let (next, said) = match said {
            Ok(said) => (DeliveryState::Delivered, said),
            Err(said) if delivery.attempts + 1 >= ATTEMPTS_MAX => (DeliveryState::GivenUp, said),
            Err(said) => (DeliveryState::Waiting, said),
        };
        let pause = FIRST_PAUSE_MS << delivery.attempts.min(13);
        state.catalog().note_delivery(&delivery.id, next, now_ms() + pause, &said).await?;
    }
    Ok(())
}

/// Sends one delivery; what the address said, good or bad.
async fn send(client: &reqwest::Client, address: &str, secret: &str, delivery: &Delivery) -> Result<String, String> {
    let at = now_ms() / 1000;
    let request = client
        .post(address)
        .header("content-type", "application/json")
        .header("belcheer-event", &delivery.event)
        .header("belcheer-delivery", &delivery.id)
        .header("belcheer-signature", signature(secret, at, &delivery.body))
        .body(delivery.body.clone());
    match request.send().await {
        Ok(answer) if answer.status().is_success() => Ok(answer.status().to_string()),
        Ok(answer) => Err(answer.status().to_string()),
        Err(error) => Err(error.without_url().to_string().chars().take(SAID_MAX).collect()),
    }
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA-256 of `SECONDS.BODY`, so that an old message cannot be sent again as a new one.
fn signature(secret: &str, at: i64, body: &str) -> String {
    // a key of any length is good for HMAC
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{at}.{body}").as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_openssl_computes() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        let sum = "49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";
        assert_eq!(signature("secret", 1_700_000_000, "{\"a\":1}"), format!("t=1700000000,v1={sum}"));
    }
}
