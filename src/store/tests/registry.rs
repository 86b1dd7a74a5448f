use super::*;
use crate::model::Change;

fn changed(what: &str, id: &str, field: &str, from: &str, to: &str) -> Change {
    let [what, id, field, from, to] = [what, id, field, from, to].map(str::to_owned);
    Change::Changed { what, id, field, from, to }
}

fn named(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| match change {
            Change::Added { what, id } => format!("+ {what} {id}"),
            Change::Changed { what, id, field, .. } => format!("~ {what} {id} {field}"),
            Change::Removed { what, id } => format!("- {what} {id}"),
            Change::Closed { what, id } => format!("x {what} {id}"),
            Change::Reopened { what, id } => format!("o {what} {id}"),
            Change::LiveCodes { what, id, codes } => format!("! {what} {id} {codes:?}"),
        })
        .collect()
}

/// Plans, applies, sees that both agree and that a second time changes nothing.
async fn apply(store: &Store, wanted: &Registry, expected: &[&str]) {
    let planned = store.plan_registry(wanted, now()).await.unwrap();
    assert_eq!(named(&planned), expected);
    assert_eq!(store.apply_registry(wanted, now()).await.unwrap(), planned);
    assert_eq!(store.registry().await.unwrap(), *wanted);
    assert_eq!(store.apply_registry(wanted, now()).await.unwrap(), []);
}

#[tokio::test]
async fn a_registry_is_applied_once_and_for_all() {
    let place = empty().await;
    let expected = ["+ organisation rada", "+ branch centre", "+ branch south", "+ service admin"];
    apply(&place, &registry_of_two(), &expected).await;
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM audit").await, 4);
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    let place = empty().await;
    place.plan_registry(&registry_of_two(), now()).await.unwrap();
    assert_eq!(place.registry().await.unwrap(), Registry::default());
}

#[tokio::test]
async fn every_changed_field_is_named_with_both_values() {
    let place = furnished().await;
    let mut wanted = registry_of_two();
    wanted.organisations[0].head.name = "Інша Голова".to_owned();
    wanted.organisations[0].admins = vec!["head@x.org".parse().unwrap()];
    wanted.branches[0].mailbox = "new@example.org".parse().unwrap();
    wanted.branches[0].known_as.clear();
    wanted.branches[0].admins = vec!["one@x.org".parse().unwrap(), "two@x.org".parse().unwrap()];
    wanted.services[0].branches.pop();
    wanted.services[0].retention_days = None;
    assert_eq!(
        place.apply_registry(&wanted, now()).await.unwrap(),
        [
            changed("organisation", "rada", "head.name", "Ганна Коваль", "Інша Голова"),
            changed("organisation", "rada", "admins", "", "head@x.org"),
            changed("branch", "centre", "mailbox", "centre@example.org", "new@example.org"),
            changed("branch", "centre", "known_as", "Центр надання послуг", ""),
            changed("branch", "centre", "admins", "", "one@x.org, two@x.org"),
            changed("service", "admin", "branches", "centre, south", "centre"),
            changed("service", "admin", "retention_days", "1095", ""),
        ]
    );
    assert_eq!(place.registry().await.unwrap(), wanted);
}

#[tokio::test]
async fn another_order_is_kept_though_it_changes_nothing() {
    let place = furnished().await;
    let mut wanted = registry_of_two();
    wanted.branches.reverse();
    apply(&place, &wanted, &[]).await;
}

#[tokio::test]
async fn without_history_what_leaves_the_file_is_forgotten() {
    let place = furnished().await;
    let expected = ["- organisation rada", "- branch centre", "- branch south", "- service admin"];
    apply(&place, &Registry::default(), &expected).await;
    assert_eq!(place.closed_registry().await.unwrap(), Registry::default());
}

#[tokio::test]
async fn with_codes_what_leaves_the_file_is_closed_and_comes_back() {
    let place = furnished().await;
    let code = place.issue_code(&own_code("centre", 5), now()).await.unwrap().code;
    let expected = [
        "x organisation rada",
        "x branch centre",
        "! branch centre [CodeId(1)]",
        "- branch south",
        "x service admin",
        "! service admin [CodeId(1)]",
    ];
    apply(&place, &Registry::default(), &expected).await;
    assert_eq!(place.code(code.id).await.unwrap(), Some(code));
    let closed = place.closed_registry().await.unwrap();
    assert_eq!(closed.organisations, registry_of_two().organisations);
    assert_eq!(closed.branches, registry_of_two().branches[..1]);
    is(place.issue_code(&own_code("centre", 6), now()).await, "no open branch `centre`");
    let expected = [
        "o organisation rada",
        "o branch centre",
        "+ branch south",
        "o service admin",
        "~ service admin branches",
    ];
    let changes = place.apply_registry(&registry_of_two(), now()).await.unwrap();
    assert_eq!(named(&changes), expected, "the code is no longer named: what it shows is as it was");
    place.issue_code(&own_code("centre", 6), now()).await.unwrap();
}

#[tokio::test]
async fn with_filings_a_branch_is_closed_and_its_organisation_with_it() {
    let place = furnished().await;
    let mut letter = filing("centre@example.org", b"x", 1);
    letter.matched.branch = Some("centre".parse().unwrap());
    let id = keep_and_file(&place, &letter).await;
    let expected = ["x organisation rada", "x branch centre", "- branch south", "- service admin"];
    apply(&place, &Registry::default(), &expected).await;
    let row = place.view(id).await.unwrap().unwrap().row;
    assert_eq!(row.branch_name.as_deref(), Some("ЦНАП centre"));
}

#[tokio::test]
async fn an_organisation_that_gave_all_away_is_forgotten() {
    let place = furnished().await;
    place.issue_code(&own_code("centre", 5), now()).await.unwrap();
    let mut wanted = registry_of_two();
    wanted.organisations[0].id = "hromada".parse().unwrap();
    for branch in &mut wanted.branches {
        branch.organisation = "hromada".parse().unwrap();
    }
    wanted.services[0].organisation = "hromada".parse().unwrap();
    let expected = [
        "+ organisation hromada",
        "- organisation rada",
        "~ branch centre organisation",
        "~ branch south organisation",
        "~ service admin organisation",
    ];
    apply(&place, &wanted, &expected).await;
}

#[tokio::test]
async fn codes_in_use_are_named_when_what_they_show_changes() {
    let place = furnished().await;
    let retired = place.issue_code(&own_code("centre", 4), now()).await.unwrap().code;
    place.retire_code(retired.id, now()).await.unwrap();
    place
        .issue_code(&NewCode { valid_until: day("2026-03-14"), ..own_code("centre", 5) }, now())
        .await
        .unwrap();
    let live = place.issue_code(&own_code("centre", 6), now()).await.unwrap().code;
    let mut wanted = registry_of_two();
    wanted.services[0].documents.pop();
    wanted.branches[0].address.house = "5".to_owned();
    wanted.branches[1].address.house = "5".to_owned();
    let expected = [
        "~ branch centre address",
        "! branch centre [CodeId(3)]",
        "~ branch south address",
        "~ service admin documents",
        "! service admin [CodeId(3)]",
    ];
    apply(&place, &wanted, &expected).await;
    assert_eq!(place.code(live.id).await.unwrap(), Some(live), "the code keeps its own documents");
}

#[tokio::test]
async fn a_registry_that_contradicts_itself_is_refused_whole() {
    let place = empty().await;
    let mut twice = registry_of_two();
    twice.branches.push(branch("centre", "third@example.org"));
    is(place.apply_registry(&twice, now()).await, "names branch `centre` twice");
    let mut nobody = registry_of_two();
    nobody.branches[1].organisation = "nobody".parse().unwrap();
    is(place.apply_registry(&nobody, now()).await, "branch `south` refers to organisation `nobody`");
    let mut nowhere = registry_of_two();
    nowhere.services[0].branches.push("north".parse().unwrap());
    is(place.apply_registry(&nowhere, now()).await, "service `admin` refers to branch `north`");
    let mut again = registry_of_two();
    again.services[0].branches.push("centre".parse().unwrap());
    is(place.plan_registry(&again, now()).await, "names the branch `centre` twice");
    assert_eq!(place.registry().await.unwrap(), Registry::default());
}

#[tokio::test]
async fn another_process_sees_the_change() {
    let place = furnished().await;
    let beside = Store::open(place.folder.path()).await.unwrap();
    let mut wanted = registry_of_two();
    wanted.branches[0].name = "ЦНАП новий".to_owned();
    beside.apply_registry(&wanted, now()).await.unwrap();
    assert_eq!(place.registry().await.unwrap(), wanted);
}

#[tokio::test]
async fn the_audit_cannot_be_rewritten() {
    let place = furnished().await;
    for attack in ["UPDATE audit SET subject = ''", "DELETE FROM audit"] {
        let mut work = place.writing().await.unwrap();
        is(work.script(attack).await, "never");
    }
}
