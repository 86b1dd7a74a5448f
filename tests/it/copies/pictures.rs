//! Copies that are pictures, by OCR: how many fields and letters are right.

use skrynka::model::ReadingWay;
use skrynka_fixtures::copies::Make;

use super::compare::{apart, field, is_exact};
use super::{has_ocr, nothing, of_make, read, say, transcriber};
use crate::reader::alone;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_that_are_pictures_are_read_by_ocr_as_well_as_it_can() {
    let _alone = alone().await;
    let by = transcriber(2, true);
    if !has_ocr(&by).await {
        return;
    }
    let (mut fields, mut exact, mut letters, mut wrong) = (0, 0, 0, 0);
    let mut requests = 0;
    let plans: Vec<_> = of_make(Make::Picture).step_by(19).collect();
    for plan in &plans {
        let sample = plan.draw();
        let reading = read(&by, &sample, None, &nothing()).await.reading;
        let code = reading.document.as_ref().map(|code| code.as_str());
        assert_eq!((reading.way, reading.trouble), (ReadingWay::Ocr, None), "{}", sample.name);
        assert_eq!(code, Some(sample.document.code()), "{}", sample.name);
        for (name, expected) in &sample.expected {
            let read = field(&reading, name);
            fields += 1;
            exact += usize::from(read.is_some_and(|read| is_exact(&sample, read)));
            letters += expected.chars().count();
            // A remark behind a number is no part of it.
            let value = read.map_or("", |read| read.value.split(" (").next().unwrap_or_default());
            wrong += apart(expected, value).min(expected.chars().count());
        }
        requests += usize::from(field(&reading, "request-id").is_some());
        assert!(reading.fields.iter().all(|field| field.way == ReadingWay::Ocr), "{}", sample.name);
        assert!(reading.fields.iter().any(|field| field.sure_percent < 100), "{}", sample.name);
    }
    let percent = |part: usize, of: usize| part * 1000 / of;
    say(&format!(
        "pictures by OCR: {} copies, {exact} of {fields} fields exact, {wrong} of {letters} letters wrong ({} ‰), \
         {requests} request ids found",
        plans.len(),
        percent(wrong, letters),
    ));
    assert_eq!(requests, plans.len(), "every request id is found");
}
