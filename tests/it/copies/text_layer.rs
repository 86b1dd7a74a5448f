//! Copies with a text layer: every field exact.

use std::collections::BTreeSet;

use pages::Way;
use skrynka::model::ReadingWay;
use skrynka_fixtures::copies::Make;

use super::compare::{warnings, wrong_fields};
use super::{nothing, of_make, read, say, transcriber};
use crate::reader::alone;

#[tokio::test]
async fn every_field_of_every_copy_with_a_text_layer_is_exact() {
    let _alone = alone().await;
    let by = transcriber(2, false);
    let (mut copies, mut fields, mut wrong) = (0, 0, Vec::new());
    let mut kinds = BTreeSet::new();
    for plan in of_make(Make::TextLayer) {
        let sample = plan.draw();
        let reading = read(&by, &sample, None, &nothing()).await.reading;
        let mut of_copy = wrong_fields(&sample, &reading);
        if reading.document.as_ref().map(|code| code.as_str()) != Some(sample.document.code()) {
            of_copy.push(format!("the kind is told as {:?}", reading.document));
        }
        if reading.warnings != warnings(sample.flaw) {
            of_copy.push(format!("{:?} warns {:?}", sample.flaw, reading.warnings));
        }
        if (reading.way, reading.trouble, reading.unread) != (ReadingWay::TextLayer, None, 0) {
            of_copy.push(format!("{:?} {:?}, {} unread", reading.way, reading.trouble, reading.unread));
        }
        let place = reading.fields.iter().find(|field| field.place.page != 1 || field.sure_percent != 100);
        of_copy.extend(place.map(|field| format!("{field:?}")));
        copies += 1;
        fields += sample.expected.len();
        kinds.insert(sample.document);
        wrong.extend(of_copy.into_iter().map(|what| format!("{}: {what}", sample.name)));
    }
    say(&format!("text layer: {copies} copies, {fields} fields, {} things wrong", wrong.len()));
    assert_eq!((copies, kinds.len()), (72, 8));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_same_way_alone_reads_the_same() {
    let _alone = alone().await;
    let by = transcriber(1, false);
    for plan in of_make(Make::TextLayer).step_by(11) {
        let sample = plan.draw();
        let any = read(&by, &sample, None, &nothing()).await.reading;
        let only = read(&by, &sample, Some(Way::TextLayer), &nothing()).await.reading;
        assert_eq!(any, only, "{}", sample.name);
    }
}
