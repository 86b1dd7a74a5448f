//! How children end: with whoever waits for them, with the pool, with the daemon.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use skrynka::reader::Reader;

use super::{
    alone, children, children_of, good, hostile, is_good, runs, settings, until_none_is_left, words,
};

/// Waits until so many children run.
async fn until_there_are(count: usize) -> Vec<u32> {
    loop {
        let found = children();
        if found.len() == count {
            return found.into_iter().map(|(id, _)| id).collect();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_caller_that_stops_waiting_ends_the_child_that_reads_for_it() {
    let _alone = alone().await;
    let reader = Reader::new(settings(1));
    let waiting = reader.clone();
    let asked = tokio::spawn(async move { waiting.open(hostile("sleep"), words()).await });
    let first = until_there_are(1).await;
    // It has been given the document, or will be: either way nobody waits for it from now on.
    tokio::time::sleep(Duration::from_millis(50)).await;
    asked.abort();
    is_good(reader.open(good(), words()).await);
    assert_ne!(until_there_are(1).await, first);
}

#[tokio::test]
async fn with_the_last_clone_every_child_ends_and_is_reaped() {
    let _alone = alone().await;
    let reader = Reader::new(settings(3));
    let (busy, other) = (reader.clone(), reader.clone());
    let asked = tokio::spawn(async move { busy.open(hostile("sleep"), words()).await });
    until_there_are(1).await;
    is_good(other.open(good(), words()).await);
    until_there_are(2).await;
    drop((reader, other));
    asked.abort();
    until_none_is_left().await;
}

#[test]
fn a_daemon_killed_at_once_leaves_no_child() {
    let itself = std::env::current_exe().unwrap();
    let mut parent = Command::new(itself)
        .args(["--exact", "reader::ends::a_parent_for_another_test", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(parent.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.take_while(|line| !line.contains("the children read")).count() < 100);
    let left = children_of(parent.id());
    assert_eq!(left.len(), 2, "one reads, one waits");
    assert!(left.iter().all(|(id, _)| runs(*id)));
    // SIGKILL: it can say nothing to its children.
    parent.kill().unwrap();
    parent.wait().unwrap();
    while left.iter().any(|(id, _)| runs(*id)) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test]
#[ignore = "the parent that `a_daemon_killed_at_once_leaves_no_child` kills"]
async fn a_parent_for_another_test() {
    let reader = Reader::new(settings(2));
    let busy = reader.clone();
    let asked = tokio::spawn(async move { busy.open(hostile("sleep"), words()).await });
    until_there_are(1).await;
    is_good(reader.open(good(), words()).await);
    until_there_are(2).await;
    #[expect(clippy::print_stdout, reason = "the test that started us waits for this line")]
    {
        println!("the children read");
    }
    // Until somebody kills us; a minute where nobody does.
    let _ = asked.await;
}
