//! Reading a QR out of a picture.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, ImageReader, Limits};

/// No side of a picture may be longer; a 4K screenshot at double density has 7680.
const SIDE_MAX_PX: u32 = 16_384;

/// Longer sides are scaled down to this first. The finder loses itself in the noise of large photographs.
const SIDES_PX: [u32; 4] = [4096, 2048, 1024, 512];

/// The text of the first QR in a PNG or JPEG. The error says what is wrong with the picture.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<String>, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX_PX);
    limits.max_image_height = Some(SIDE_MAX_PX);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| error.to_string())?;
    let side = picture.width().max(picture.height());
    let as_it_is = std::iter::once(on_white(&picture).to_luma8());
    let smaller = SIDES_PX.iter().filter(|&&to| to < side).map(|&to| scaled(&picture, to));
    // A QR cut out tightly has modules of one or two pixels.
    let larger = (side < 512).then(|| scaled(&picture, side * 4));
    Ok(as_it_is.chain(smaller).chain(larger).find_map(first_code))
}

fn scaled(picture: &DynamicImage, side: u32) -> GrayImage {
    on_white(&picture.resize(side, side, FilterType::Triangle)).to_luma8()
}

/// What is transparent counts as white, as it does on paper; rqrr would take it for black.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.clone();
    }
    let mut ground = image::RgbaImage::from_pixel(picture.width(), picture.height(), image::Rgba([255; 4]));
    image::imageops::overlay(&mut ground, &picture.to_rgba8(), 0, 0);
    ground.into()
}

fn first_code(gray: GrayImage) -> Option<String> {
    let mut prepared = rqrr::PreparedImage::prepare(gray);
    prepared.detect_grids().into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}
