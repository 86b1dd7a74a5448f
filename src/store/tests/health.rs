//! Incidents and silences that outlive a restart; the store's own trials.

use std::time::Duration;

use super::*;
use crate::model::{Incident, Silence};

fn incident(opened_at: &str) -> Incident {
    Incident {
        mailbox: "cnap@example.org".to_owned(),
        opened_at: at(opened_at),
        last_round_at: None,
        reason: "cannot connect".to_owned(),
        closed_at: None,
        told_open_at: None,
        told_close_at: None,
    }
}

#[tokio::test]
async fn an_incident_is_unfinished_until_its_end_was_told() {
    let place = empty().await;
    let mut one = incident("2026-03-15T10:00:00Z");
    place.keep_incident(&one).await.unwrap();
    one.told_open_at = Some(at("2026-03-15T10:01:00Z"));
    one.closed_at = Some(at("2026-03-15T11:00:00Z"));
    place.keep_incident(&one).await.unwrap();
    assert_eq!(place.unfinished_incidents().await.unwrap(), [one.clone()]);
    one.told_close_at = Some(at("2026-03-15T12:00:00Z"));
    place.keep_incident(&one).await.unwrap();
    assert!(place.unfinished_incidents().await.unwrap().is_empty());
    assert_eq!(place.incidents(9).await.unwrap(), [one]);
}

#[tokio::test]
async fn a_mailbox_has_one_open_incident_at_most() {
    let place = empty().await;
    place.keep_incident(&incident("2026-03-15T10:00:00Z")).await.unwrap();
    assert!(place.keep_incident(&incident("2026-03-15T10:00:01Z")).await.is_err());
}

#[tokio::test]
async fn a_silence_is_kept_while_it_lasts() {
    let place = empty().await;
    let silence = |seconds| Silence {
        mailbox: "cnap@example.org".to_owned(),
        seconds,
        last_round_at: Some(at("2026-03-15T10:00:00Z")),
    };
    for seconds in [90, 120] {
        place.keep_silence(&silence(seconds)).await.unwrap();
        assert_eq!(place.silences().await.unwrap(), [silence(seconds)]);
    }
    place.keep_silence(&silence(0)).await.unwrap();
    assert!(place.silences().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_trials_leave_nothing_behind_and_find_what_is_wrong() {
    let place = furnished().await;
    place.try_writing().await.unwrap();
    assert!(place.silences().await.unwrap().is_empty());
    place.answers(Duration::from_secs(5)).await.unwrap();
    let figures = place.figures().await.unwrap();
    assert_eq!((figures.filings, figures.quarantined), (0, 0));
    assert!(
        figures.database_bytes > 0 && figures.free_bytes > 0 && figures.total_bytes >= figures.free_bytes
    );

    for number in 1..=5_u8 {
        keep_and_file(&place, &filing("cnap@example.org", &[number], number.into())).await;
    }
    assert!(matches!(place.try_blobs(4).await.unwrap(), (read, wrong) if read >= 3 && wrong.is_empty()));
    let name = Digest::of(&[5]).to_string();
    std::fs::write(place.folder.path().join("blobs").join(&name[..2]).join(&name[2..]), b"other").unwrap();
    let (_, wrong) = place.try_blobs(4).await.unwrap();
    assert!(matches!(&wrong[..], [(id, StoreError::BlobDamaged { .. })] if id.0 == 5), "{wrong:?}");

    let incoming = place.folder.path().join("blobs/incoming");
    assert_eq!(std::fs::read_dir(&incoming).unwrap().count(), 0);
    std::fs::remove_dir(&incoming).unwrap();
    std::fs::write(&incoming, b"in the way").unwrap();
    assert!(place.try_writing().await.unwrap_err().to_string().contains("incoming"));
}
