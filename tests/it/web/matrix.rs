//! Every route of the router's own table × every role × what is theirs, a foreign branch's, and nobody's.

use std::collections::BTreeSet;

use skrynka::issuing::{Wanted, issue};
use skrynka::model::{CodeId, FilingId, KyivDay, Person, Role};
use skrynka::web::{Access, Route, table};

use super::client::{Answer, Browser};
use super::house::{HOTEL, House, NORTH, SHARED};

/// Words that only the foreign branch's things have.
const FOREIGN: [&str; 5] = ["Чужинська", "hotel", "Зразковий двір", "чужий-лист", "поселення"];

/// What is in the house: of the branch «north» and of the foreign hotel.
struct Things {
    own: (FilingId, CodeId),
    foreign: (FilingId, CodeId),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Whose {
    Own,
    Foreign,
    Nobodys,
}

async fn code(house: &House, branch: &str, service: &str) -> CodeId {
    let wanted = Wanted {
        branch: branch.parse().unwrap(),
        services: vec![service.parse().unwrap()],
        issued_on: KyivDay::of(house.app.now()),
        days: 180,
    };
    let mut random = skrynka::app::system_random;
    issue(house.store(), &wanted, &mut random, house.app.now()).await.unwrap().code.id
}

async fn things(house: &House) -> Things {
    let foreign = (house.file(HOTEL, "чужий-лист", "Чужинська").await, code(house, "hotel", "stay").await);
    let own = (house.file(NORTH, "свій-лист", "Прикладенко").await, code(house, "north", "admin").await);
    Things { own, foreign }
}

/// The route's path for somebody's things. A name in braces that is not known here is a route that nobody thought about.
fn path(route: &Route, things: &Things, whose: Whose) -> String {
    let (letter, code) = match whose {
        Whose::Own => (things.own.0.0, things.own.1.0),
        Whose::Foreign => (things.foreign.0.0, things.foreign.1.0),
        Whose::Nobodys => (999, 999),
    };
    let asked = route.path.replace("{letter}", &letter.to_string()).replace("{code}", &code.to_string());
    let asked =
        asked.replace("{file}", "0").replace("{copy}", "0").replace("{link}", "x").replace("{asset}", "x");
    assert!(!asked.contains('{'), "say here what {} names", route.path);
    asked
}

async fn ask(browser: &mut Browser, route: &Route, path: &str, whose: Whose) -> Answer {
    if route.method == "GET" {
        // A stream has no end: its head says enough.
        if route.path == "/live" {
            let events = browser.events(path).await;
            let status = events.head.split(' ').nth(1).unwrap().parse().unwrap();
            return Answer { status, headers: Vec::new(), body: Vec::new() };
        }
        let mut answer = browser.get(&format!("{path}?q=лист")).await;
        // What is found, and what is looked for in a branch that is not theirs.
        let narrowed = browser.get(&format!("{path}?branch=hotel&service=stay")).await;
        assert_eq!(narrowed.status, answer.status, "{path}");
        answer.body.extend(narrowed.body);
        return answer;
    }
    let branch = match whose {
        Whose::Own => "north",
        Whose::Foreign => "hotel",
        Whose::Nobodys => "nowhere",
    };
    let fields = [
        ("branch", branch),
        ("service", "admin"),
        ("ground", "yes"),
        ("issued_on", "2026-03-01"),
        ("payload", "https://diia.app/qr/matrix"),
    ];
    browser.post(path, &fields).await
}

fn is_of_something(route: &Route) -> bool {
    let in_body = ["/codes/issue", "/codes/register"].contains(&route.path) && route.method == "POST";
    route.path.contains("{letter}") || route.path.contains("{code}") || in_body
}

async fn people(house: &House) -> Vec<Person> {
    vec![
        house.person("clerk", Role::Clerk, &["north"], &[]).await,
        house.person("admin", Role::BranchAdmin, &["north"], &[]).await,
        house.person("head", Role::OrganisationAdmin, &[], &["town"]).await,
    ]
}

#[tokio::test]
async fn nobody_learns_of_a_foreign_branch_whatever_route_and_role() {
    let house = House::open().await;
    let things = things(&house).await;
    for person in people(&house).await {
        let mut browser = house.signed_in(&person).await;
        for route in table().iter().filter(|route| route.access != Access::Anybody) {
            let who = format!("{} {} by {}", route.method, route.path, person.role);
            let own = ask(&mut browser, route, &path(route, &things, Whose::Own), Whose::Own).await;
            if !route.access.allows(person.role) {
                assert_eq!(own.status, 403, "{who}");
                continue;
            }
            assert!(matches!(own.status, 200 | 303 | 422), "{who}: {} {}", own.status, own.text());
            for word in FOREIGN {
                // The words of our own pages speak of hotels too, and the form repeats what was asked for.
                let page = own.text().replace("branch=hotel&#38;service=stay", "");
                assert!(!page.contains(word), "{who} shows «{word}»:\n{page}");
            }
            if is_of_something(route) {
                let foreign =
                    ask(&mut browser, route, &path(route, &things, Whose::Foreign), Whose::Foreign).await;
                let nobodys =
                    ask(&mut browser, route, &path(route, &things, Whose::Nobodys), Whose::Nobodys).await;
                assert_eq!((foreign.status, nobodys.status), (404, 404), "{who}");
                let same = |answer: &Answer, id: (FilingId, CodeId)| {
                    let (letter, code) = (format!("/letters/{}", id.0), format!("/codes/{}", id.1));
                    answer.text().replace(&letter, "…").replace(&code, "…")
                };
                assert_eq!(
                    same(&foreign, things.foreign),
                    same(&nobodys, (FilingId(999), CodeId(999))),
                    "{who} tells them apart"
                );
            }
        }
    }
}

#[tokio::test]
async fn who_is_not_signed_in_comes_to_the_door_whatever_the_route() {
    let house = House::open().await;
    let things = things(&house).await;
    let mut browser = house.browser();
    let mut seen = BTreeSet::new();
    for route in table() {
        let path = path(&route, &things, Whose::Own);
        let answer = ask(&mut browser, &route, &path, Whose::Own).await;
        let who = format!("{} {}", route.method, route.path);
        assert!(seen.insert(who.clone()), "{who} is in the table twice");
        match route.access {
            Access::Anybody => {
                assert!(
                    matches!(answer.status, 200 | 303 | 400 | 404 | 410 | 422),
                    "{who}: {}",
                    answer.status
                );
                assert!(!answer.text().contains("Прикладенко") && !answer.text().contains("ЦНАП"), "{who}");
            }
            _ if route.method == "GET" => assert_eq!(answer.status, 303, "{who}"),
            _ => assert_eq!(answer.status, 401, "{who}"),
        }
    }
    browser.more = vec![("Accept".to_owned(), "text/event-stream".to_owned())];
    assert!(browser.events("/live").await.head.contains(" 401 "));
}

#[tokio::test]
async fn a_letter_without_a_branch_is_seen_by_whoever_sees_all_branches_of_its_mailbox() {
    let house = House::open().await;
    let id = house.file(SHARED, "нічий-лист", "Нічийна").await;
    for (login, branches, organisations, sees) in [
        ("a", &["south"][..], &[][..], false),
        ("b", &["south", "east"], &[], true),
        ("c", &["north"], &[], false),
        ("d", &[], &["town"], true),
        ("e", &[], &["inn"], false),
        ("f", &["south"], &["inn"], false),
    ] {
        let login = format!("clerk-{login}");
        let person = house.person(&login, Role::Clerk, branches, organisations).await;
        let mut browser = house.signed_in(&person).await;
        let status = if sees { 200 } else { 404 };
        for path in ["", "/eml", "/files/0", "/pictures/0"] {
            assert_eq!(browser.get(&format!("/letters/{id}{path}")).await.status, status, "{login} {path}");
        }
        for path in ["/", "/search?q=Нічийна", "/search?from=2026-01-01"] {
            let path = path.replace("Нічийна", "%D0%9D%D1%96%D1%87%D0%B8%D0%B9%D0%BD%D0%B0");
            let page = browser.get(&path).await.text();
            assert_eq!(page.contains("<b>Нічийна Марія Іванівна</b>"), sees, "{login} {path}");
        }
    }
}

#[tokio::test]
async fn a_repeated_letter_does_not_tell_of_the_earlier_one_in_a_foreign_branch() {
    let house = House::open().await;
    let first = house.file(HOTEL, "той-самий", "Однакова").await;
    let second = house.file(NORTH, "той-самий", "Однакова").await;
    assert_eq!(house.store().view(second).await.unwrap().unwrap().row.duplicate_of, Some(first));
    let clerk = house.person("clerk", Role::Clerk, &["north"], &[]).await;
    let both = house.person("both", Role::Clerk, &["north", "hotel"], &[]).await;
    for (person, sees) in [(clerk, false), (both, true)] {
        let mut browser = house.signed_in(&person).await;
        for path in ["/".to_owned(), format!("/letters/{second}"), "/search?from=2026-01-01".to_owned()] {
            let page = browser.get(&path).await.text();
            let tells = page.contains(">повтор<") || page.contains("Те саме вже надходило");
            assert_eq!(tells, sees, "{} {path}", person.login);
        }
    }
}
