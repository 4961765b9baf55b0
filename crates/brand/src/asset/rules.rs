//! Which pictures are taken: known by their bytes, never by their name.

use imagesize::{ImageType, blob_size, image_type};
use kernel::{Problem, Result, Timestamp};

use super::{Asset, AssetPatch, NewAsset};
use crate::check::{Faults, REMARK_MAX, TITLE_MAX};

/// Largest file: mails with heavier pictures load too slowly on a phone.
pub const FILE_BYTES_MAX: usize = 1_500_000;
/// Longest side in pixels.
pub const SIDE_MAX: usize = 4_096;

/// A picture as its bytes describe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Its type.
    pub content_type: &'static str,
    /// Width in pixels.
    pub width: i64,
    /// Height in pixels.
    pub height: i64,
}

/// Tells what a file is, and refuses what mails cannot show safely.
pub fn recognise(bytes: &[u8]) -> Result<Picture> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Problem::too_large("brand.asset.file_too_large").with("bytes_max", FILE_BYTES_MAX));
    }
    if looks_like_svg(bytes) {
        // Mail programs do not show it, browsers run the scripts inside it.
        return Err(Problem::unprocessable("brand.asset.svg_refused"));
    }
    let content_type = match image_type(bytes) {
        Ok(ImageType::Png) => "image/png",
        Ok(ImageType::Jpeg) => "image/jpeg",
        Ok(ImageType::Gif) => "image/gif",
        Ok(ImageType::Webp) => "image/webp",
        _ => return Err(Problem::unprocessable("brand.asset.type_unknown")),
    };
    let size = blob_size(bytes).map_err(|_| Problem::unprocessable("brand.asset.damaged"))?;
    if size.width == 0 || size.height == 0 {
        return Err(Problem::unprocessable("brand.asset.damaged"));
    }
    if size.width > SIDE_MAX || size.height > SIDE_MAX {
        return Err(Problem::unprocessable("brand.asset.side_too_long")
            .with("width", size.width)
            .with("height", size.height)
            .with("max", SIDE_MAX));
    }
    let side = |pixels: usize| i64::try_from(pixels).expect("a side was found to be short");
    Ok(Picture { content_type, width: side(size.width), height: side(size.height) })
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && head.contains("<svg")
}

/// Refuses an asset whose fields are out of bounds.
pub fn check(asset: &Asset) -> Result<()> {
    Faults::default()
        .key(&asset.key, "key")
        .line(&asset.title, TITLE_MAX, "title")
        .texts_or_none(&asset.alt_texts, TITLE_MAX, "alt_texts")
        .remark(&asset.rights_note, REMARK_MAX, "rights_note")
        .end()
}

/// Takes over what comes with a new picture.
pub fn fill(asset: &mut Asset, new: NewAsset) {
    asset.brand_id = new.brand_id;
    asset.department_id = new.department_id;
    asset.key = new.key;
    asset.title = new.title;
    asset.alt_texts = new.alt_texts;
    asset.rights_until = new.rights_until;
    asset.rights_note = new.rights_note;
}

/// Takes over what a patch says.
pub fn apply(asset: &mut Asset, patch: AssetPatch) {
    if let Some(title) = patch.title {
        asset.title = title;
    }
    if let Some(texts) = patch.alt_texts {
        asset.alt_texts = texts;
    }
    if let Some(until) = patch.rights_until {
        asset.rights_until = until;
    }
    if let Some(note) = patch.rights_note {
        asset.rights_note = note;
    }
    if let Some(state) = patch.state {
        asset.state = state;
    }
}

/// Returns true where the company may no longer show this picture.
pub fn rights_expired(rights_until: Option<Timestamp>, now: Timestamp) -> bool {
    rights_until.is_some_and(|until| until <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signature and header of a PNG of this size; enough to be recognised.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn the_bytes_say_what_a_file_is() {
        let picture = recognise(&png(600, 200)).expect("a PNG");
        assert_eq!((picture.content_type, picture.width, picture.height), ("image/png", 600, 200));
        let gif = recognise(b"GIF89a\x02\0\x03\0\0\0\0").expect("a GIF");
        assert_eq!((gif.content_type, gif.width, gif.height), ("image/gif", 2, 3));
    }

    #[test]
    fn what_mails_cannot_show_safely_is_refused() {
        let refused = |bytes: &[u8]| recognise(bytes).expect_err("refused").code.into_owned();
        assert_eq!(refused(b"<?xml version='1.0'?>\n<svg onload='x()'/>"), "brand.asset.svg_refused");
        assert_eq!(refused("\u{feff} <SVG/>".as_bytes()), "brand.asset.svg_refused");
        assert_eq!(refused(b"MZ\x90\0 an executable"), "brand.asset.type_unknown");
        assert_eq!(refused(b"%PDF-1.7"), "brand.asset.type_unknown");
        assert_eq!(refused(b""), "brand.asset.type_unknown");
        assert_eq!(refused(&png(5_000, 10)), "brand.asset.side_too_long");
        assert_eq!(refused(&png(0, 10)), "brand.asset.damaged");
        assert_eq!(refused(&png(600, 200)[..14]), "brand.asset.damaged");
        assert_eq!(refused(&vec![0; FILE_BYTES_MAX + 1]), "brand.asset.file_too_large");
    }

    #[test]
    fn rights_end_at_their_moment() {
        let until = Timestamp::from_ms(1_000);
        assert!(!rights_expired(None, until));
        assert!(!rights_expired(Some(until), Timestamp::from_ms(999)));
        assert!(rights_expired(Some(until), until));
    }
}
