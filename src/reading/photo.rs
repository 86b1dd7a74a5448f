//! A page's pictures → the holder's photo among them.

use pages::{Page, Picture};

use crate::model::{FieldKind, Place, Reading};

/// Height by width of a photo for documents: 4 by 3, with room for other cuts. A logo is square, a signature lies.
const PORTRAIT: std::ops::RangeInclusive<f32> = 1.1..=1.8;
/// Narrower is an emblem. The official sample's photo is 139 points wide.
const WIDTH_MIN_PT: f32 = 40.0;
/// Larger is a scanned page.
const PAGE_PART_MAX: f32 = 0.2;

/// The holder's photo: which of the page's pictures. Of several that could be one, that beside the names, then the largest.
#[must_use]
pub fn photo(page: &Page, reading: &Reading) -> Option<usize> {
    let names: Vec<Place> = reading
        .fields
        .iter()
        .filter(|field| {
            matches!(field.kind, FieldKind::Name | FieldKind::NameLatin | FieldKind::DocumentNumber)
        })
        .map(|field| field.place)
        .filter(|place| place.page == page.number)
        .collect();
    let could_be = page.pictures.iter().enumerate().filter(|(_, picture)| is_portrait(page, picture));
    let worth = |picture: &Picture| (is_beside(&names, picture), area(picture));
    could_be
        .max_by(|(_, a), (_, b)| {
            let ((a_beside, a_area), (b_beside, b_area)) = (worth(a), worth(b));
            a_beside.cmp(&b_beside).then(a_area.total_cmp(&b_area))
        })
        .map(|(at, _)| at)
}

fn is_portrait(page: &Page, picture: &Picture) -> bool {
    let (width, height) = (picture.at.right - picture.at.left, picture.at.bottom - picture.at.top);
    width >= WIDTH_MIN_PT
        && PORTRAIT.contains(&(height / width))
        && area(picture) <= page.width_pt * page.height_pt * PAGE_PART_MAX
}

/// Whether one of the names or the number is level with it.
fn is_beside(names: &[Place], picture: &Picture) -> bool {
    names.iter().any(|place| {
        let middle = f64::midpoint(f64::from(place.top), f64::from(place.bottom));
        (f64::from(picture.at.top)..=f64::from(picture.at.bottom)).contains(&middle)
    })
}

fn area(picture: &Picture) -> f32 {
    (picture.at.right - picture.at.left) * (picture.at.bottom - picture.at.top)
}

#[cfg(test)]
mod tests {
    use pages::Rect;

    use super::*;
    use crate::model::ReadField;

    fn page(boxes: &[(f32, f32, f32, f32)]) -> Page {
        let pictures = boxes
            .iter()
            .map(|&(left, top, right, bottom)| Picture { at: Rect { left, top, right, bottom }, png: None })
            .collect();
        Page { number: 1, width_pt: 595.0, height_pt: 842.0, pictures, ..Page::default() }
    }

    fn reading(top: i32) -> Reading {
        let field = ReadField {
            name: "surname".to_owned(),
            kind: FieldKind::Name,
            value: "Зразкова".to_owned(),
            plain: None,
            way: crate::model::ReadingWay::Outlines,
            place: Place { page: 1, left: 58, top, right: 200, bottom: top + 20 },
            sure_percent: 100,
        };
        Reading { fields: vec![field], ..Reading::default() }
    }

    const LOGO: (f32, f32, f32, f32) = (58.0, 30.0, 110.0, 82.0);
    const PHOTO: (f32, f32, f32, f32) = (397.0, 135.0, 536.0, 321.0);
    const SIGNATURE: (f32, f32, f32, f32) = (266.0, 720.0, 341.0, 768.0);
    const SCAN: (f32, f32, f32, f32) = (0.0, 0.0, 595.0, 842.0);

    #[test]
    fn the_photo_is_the_portrait_and_no_logo_signature_or_scan() {
        assert_eq!(photo(&page(&[LOGO, SIGNATURE, PHOTO, SCAN]), &reading(150)), Some(2));
        assert_eq!(photo(&page(&[LOGO, SIGNATURE, SCAN]), &reading(150)), None);
        assert_eq!(photo(&page(&[]), &reading(150)), None);
    }

    #[test]
    fn of_two_portraits_the_one_beside_the_names_is_the_holder() {
        let larger = (300.0, 500.0, 500.0, 760.0);
        assert_eq!(photo(&page(&[larger, PHOTO]), &reading(150)), Some(1));
        assert_eq!(photo(&page(&[larger, PHOTO]), &Reading::default()), Some(0));
    }

    #[test]
    fn boxes_without_a_size_are_none() {
        let odd = [(0.0, 0.0, 0.0, 0.0), (50.0, 50.0, 10.0, 10.0), (f32::NAN, 0.0, 50.0, 70.0)];
        assert_eq!(photo(&page(&odd), &reading(0)), None);
    }
}
