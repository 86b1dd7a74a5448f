use super::*;
use crate::model::{CodeId, SessionKind};

#[tokio::test]
async fn a_code_is_issued_with_its_standing_session() {
    let place = furnished().await;
    let wanted = own_code("centre", (1 << 60) - 1);
    let issued = place.issue_code(&wanted, now()).await.unwrap();
    assert_eq!((issued.session.code, issued.session.kind), (issued.code.id, SessionKind::Standing));
    assert_eq!(issued.also_live, []);
    let kept = place.code(issued.code.id).await.unwrap().unwrap();
    assert_eq!(kept, issued.code);
    assert_eq!(
        (kept.kind, &kept.documents, &kept.services, &kept.payload, kept.issued_on, kept.valid_until),
        (
            wanted.kind,
            &wanted.documents,
            &wanted.services,
            &wanted.payload,
            wanted.issued_on,
            wanted.valid_until
        ),
    );
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM audit WHERE action = 'code.issued'").await, 1);
}

#[tokio::test]
async fn services_of_a_code_keep_their_order() {
    let place = furnished().await;
    let mut registry = registry_of_two();
    registry.services.push(service("a-second", &["centre"], &["internal-passport", "taxpayer-card"]));
    place.apply_registry(&registry, now()).await.unwrap();
    for order in [["admin", "a-second"], ["a-second", "admin"]] {
        let services = order.map(|service| service.parse().unwrap()).to_vec();
        let new = NewCode {
            services: services.clone(),
            ..registered_code("centre", &format!("https://diia.app/{}", order[0]))
        };
        let id = place.issue_code(&new, now()).await.unwrap().code.id;
        assert_eq!(place.code(id).await.unwrap().unwrap().services, services);
    }
}

#[tokio::test]
async fn a_code_needs_an_open_branch_and_a_service_there_that_may_ask() {
    let place = furnished().await;
    let mut registry = registry_of_two();
    registry.branches.push(branch("north", "north@example.org"));
    for (id, spoil) in [
        ("no-ground", (|service: &mut Service| service.legal_ground = " ".to_owned()) as fn(&mut Service)),
        ("no-term", |service| service.retention_days = None),
        ("no-body", |service| service.responsible.clear()),
    ] {
        let mut service = service(id, &["centre"], &["passport"]);
        spoil(&mut service);
        registry.services.push(service);
    }
    place.apply_registry(&registry, now()).await.unwrap();
    let of = |branch: &str, services: &[&str]| NewCode {
        services: services.iter().map(|service| service.parse().unwrap()).collect(),
        ..own_code(branch, 1)
    };
    for (new, sentence) in [
        (of("nowhere", &["admin"]), "no open branch `nowhere`"),
        (of("centre", &["nothing"]), "no open service `nothing` at the branch `centre`"),
        (of("north", &["admin"]), "no open service `admin` at the branch `north`"),
        (of("centre", &["no-ground"]), "`no-ground` has no legal ground"),
        (of("centre", &["admin", "no-term"]), "`no-term` has no retention term"),
        (of("centre", &["no-body"]), "`no-body` has no responsible person"),
        (of("centre", &[]), "at least one service"),
        (NewCode { documents: vec![], ..own_code("centre", 1) }, "at least one document"),
    ] {
        is(place.issue_code(&new, now()).await, sentence);
    }
    assert_eq!(place.codes().await.unwrap(), []);
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM session").await, 0);
}

#[tokio::test]
async fn a_payload_or_token_belongs_to_one_code() {
    let place = furnished().await;
    let link = "https://diia.app/share/1";
    let first = place.issue_code(&registered_code("centre", link), now()).await.unwrap().code;
    is(place.issue_code(&registered_code("south", link), now()).await, "already that of code 1");
    place.retire_code(first.id, now()).await.unwrap();
    is(place.issue_code(&registered_code("south", link), now()).await, "already that of code 1");
    place.issue_code(&own_code("centre", 7), now()).await.unwrap();
    is(place.issue_code(&own_code("south", 7), now()).await, "token is already that of code 2");
}

#[tokio::test]
async fn other_live_codes_with_the_same_documents_are_named() {
    let place = furnished().await;
    let issue = async |new: NewCode| place.issue_code(&new, now()).await.unwrap();
    let first = issue(own_code("centre", 1)).await.code;
    let retired = issue(own_code("centre", 2)).await.code;
    place.retire_code(retired.id, now()).await.unwrap();
    issue(NewCode { valid_until: day("2026-03-14"), ..own_code("centre", 3) }).await;
    issue(NewCode { documents: vec!["passport".parse().unwrap()], ..own_code("centre", 4) }).await;
    issue(own_code("south", 5)).await;
    let later = issue(NewCode { issued_on: day("2026-04-01"), ..own_code("centre", 6) }).await.code;
    let mut turned = own_code("centre", 7);
    turned.documents.reverse();
    assert_eq!(issue(turned).await.also_live, [first, later]);
}

#[tokio::test]
async fn retiring_again_keeps_the_first_time() {
    let place = furnished().await;
    let id = place.issue_code(&own_code("centre", 1), now()).await.unwrap().code.id;
    let first = at("2026-04-01T08:00:00Z");
    for moment in [first, at("2026-05-01T08:00:00Z")] {
        assert_eq!(place.retire_code(id, moment).await.unwrap().retired_at, Some(first));
    }
    assert_eq!(count(&place, "SELECT COUNT(*) AS n FROM audit WHERE action = 'code.retired'").await, 1);
    is(place.retire_code(CodeId(9), first).await, "there is no code 9");
    assert_eq!(place.code(CodeId(9)).await.unwrap(), None);
}

#[tokio::test]
async fn a_letter_is_compared_with_its_mailboxs_codes_and_its_tokens() {
    let place = furnished().await;
    let mut registry = registry_of_two();
    registry.branches.push(branch("annex", "centre@example.org"));
    place.apply_registry(&registry, now()).await.unwrap();
    let here = place.issue_code(&own_code("centre", 1), now()).await.unwrap();
    place.retire_code(here.code.id, now()).await.unwrap();
    let over = NewCode { valid_until: day("2026-03-02"), ..own_code("centre", 2) };
    let over = place.issue_code(&over, now()).await.unwrap();
    let there = place.issue_code(&own_code("south", 3), now()).await.unwrap();
    place.issue_code(&own_code("south", 4), now()).await.unwrap();
    let mailbox = "centre@example.org".parse().unwrap();
    let ids = |known: &crate::model::Known| {
        let codes: Vec<_> = known.codes.iter().map(|(code, session)| (code.id, session.id)).collect();
        let branches: Vec<_> = known.branches.iter().map(|branch| branch.id.to_string()).collect();
        (codes, branches)
    };
    let known = place.matching_context(&mailbox, &[]).await.unwrap();
    let of = |issued: &IssuedCode| (issued.code.id, issued.session.id);
    assert_eq!(ids(&known), (vec![of(&here), of(&over)], vec!["centre".to_owned(), "annex".to_owned()]));
    assert!(known.codes[0].0.retired_at.is_some());
    let tokens = [3, 1, 99].map(|bits| Token::new(bits).unwrap());
    let known = place.matching_context(&mailbox, &tokens).await.unwrap();
    let branches = ["centre", "annex", "south"].map(str::to_owned).to_vec();
    assert_eq!(ids(&known), (vec![of(&here), of(&over), of(&there)], branches));
    let nobody = place.matching_context(&"nobody@example.org".parse().unwrap(), &[]).await.unwrap();
    assert_eq!(ids(&nobody), (vec![], vec![]));
}

#[tokio::test]
async fn a_closed_branch_is_compared_only_for_its_codes() {
    let place = furnished().await;
    let mut registry = registry_of_two();
    registry.branches.push(branch("annex", "centre@example.org"));
    place.apply_registry(&registry, now()).await.unwrap();
    let mut letter = filing("centre@example.org", b"x", 1);
    letter.matched.branch = Some("annex".parse().unwrap());
    keep_and_file(&place, &letter).await;
    place.apply_registry(&registry_of_two(), now()).await.unwrap();
    let known = place.matching_context(&letter.mail.mailbox, &[]).await.unwrap();
    assert_eq!(known.branches.len(), 1, "without codes the closed branch no longer counts");
}
