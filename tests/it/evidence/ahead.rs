//! The daemon asks ahead for the authorities that it meets: days without a line find their lists there.

use std::fs;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use skrynka::app::App;
use skrynka::config::{Environment, load};
use skrynka::daemon::Daemon;
use skrynka::model::{FilingFilter, Indication, RevocationStanding, SubIndication};
use skrynka::service_manager::ServiceManager;
use tokio::sync::watch;

use super::world::{World, light};

const LINES: &str = r#"
review_days = 0

[health]
listen = ""

[[drop_folder]]
folder = "drop"
mailbox = "cnap@example.org"
"#;

/// A daemon over the world's folder and clock, inside this process.
struct Running {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

fn start(world: &World) -> Running {
    let config = load(&world.folder.path().join("skrynka.toml"), &Environment::default()).unwrap();
    let clock = Arc::clone(&world.clock);
    let (stop, stopped) = watch::channel(false);
    let thread = std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let app = App::open(config, clock).await.unwrap();
            Daemon::new(app, Environment::default(), ServiceManager::default()).run(stopped).await.unwrap();
        });
    });
    Running { stop, thread }
}

async fn end(daemon: Running) {
    daemon.stop.send_replace(true);
    tokio::task::spawn_blocking(|| daemon.thread.join().unwrap()).await.unwrap();
}

/// Waits for what must come; a test that waits for ever is ended by its runner.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..1200 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("it did not come: {what}");
}

/// Puts a letter into the folder; its view when the daemon has filed it.
async fn dropped(world: &World, number: usize) -> skrynka::model::FilingView {
    let part = world.folder.path().join("letter.part");
    fs::write(&part, world.letter(number).bytes).unwrap();
    fs::rename(part, world.folder.path().join(format!("drop/{number}.eml"))).unwrap();
    let subject = format!("letter {number}");
    let mut found = None;
    until("the letter is filed", async || {
        let rows = world.app.store().list(100, None, &FilingFilter::default()).await.unwrap();
        found = rows.into_iter().find(|row| row.subject == subject).map(|row| row.id);
        found.is_some()
    })
    .await;
    world.view(found.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_daemon_asked_for_ahead_bears_a_day_without_a_line_and_no_longer() {
    let world = World::with(LINES).await;
    world.say(|desk| desk.has_ocsp = false);
    let daemon = start(&world);
    let first = dropped(&world, 1).await;
    light(&first, Indication::TotalPassed, None);
    assert_eq!(world.asked("/full.crl"), 1, "an authority is met");
    end(daemon).await;

    // Six hours before the list ends, nobody having sent a letter since.
    world.turn(18);
    let daemon = start(&world);
    until("the newer list is asked for", async || world.asked("/full.crl") == 2).await;
    let asked = world.server.asked().len();
    // The newer list is on the shelf when the next daemon finds nothing due.
    until("the newer list is kept", async || {
        world.app.store().shelf_due(skrynka::model::Clock::now(&*world.clock), 10).await.unwrap().is_empty()
    })
    .await;
    world.say(|desk| desk.is_up = false);
    end(daemon).await;

    // The first list ended twelve hours ago.
    world.turn(18);
    let daemon = start(&world);
    let second = dropped(&world, 2).await;
    light(&second, Indication::TotalPassed, None);
    let standing = &second.verdicts[0].signers[0].revocation[0].standing;
    let RevocationStanding::Good { as_of, .. } = standing else { unreachable!("{standing:?}") };
    assert_eq!(as_of.to_string(), "2027-03-02T06:00:00Z", "by the list that was asked for ahead");
    assert!(world.server.asked().len() > asked, "a newer one was asked for, in vain");
    end(daemon).await;

    // And now that one has ended too.
    world.turn(18);
    let daemon = start(&world);
    let third = dropped(&world, 3).await;
    light(&third, Indication::Indeterminate, Some(SubIndication::TryLater));
    end(daemon).await;
}
