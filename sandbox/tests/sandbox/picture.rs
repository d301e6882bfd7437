//! A picture of a QR, read by a real decoder.

use std::io::Cursor;

use axum::body::Body;
use axum::http::Request;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use qrcode::{Color, QrCode};

use crate::bench::{Answer, Bench, code};

/// A QR with its quiet zone on a page of that size, its corner at (x, y).
fn drawn(text: &str, module_px: u32, page: (u32, u32), at: (u32, u32)) -> GrayImage {
    let qr = QrCode::new(text).unwrap();
    let colors = qr.to_colors();
    let mut picture = GrayImage::from_pixel(page.0, page.1, Luma([255]));
    for (index, color) in colors.iter().enumerate() {
        let index = u32::try_from(index).unwrap();
        let width = u32::try_from(qr.width()).unwrap();
        let (column, row) = (index % width, index / width);
        if *color == Color::Dark {
            for dx in 0..module_px {
                for dy in 0..module_px {
                    picture.put_pixel(at.0 + column * module_px + dx, at.1 + row * module_px + dy, Luma([20]));
                }
            }
        }
    }
    picture
}

async fn scanned(bench: &Bench, picture: DynamicImage, format: ImageFormat) -> Answer {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    let request = Request::post("/wechat/scan-picture?account=B").body(Body::from(bytes.into_inner()));
    bench.send(request.unwrap()).await
}

#[tokio::test]
async fn a_screenshot_is_scanned() {
    let bench = Bench::new().await;
    let text = code(&bench.order().await.payment("key-1").await);
    let cases = [
        (8, (1920, 1080), (800, 300), ImageFormat::Png),
        (3, (390, 844), (120, 200), ImageFormat::Jpeg),
        (2, (90, 90), (10, 10), ImageFormat::Png),
        (16, (3840, 2160), (1500, 700), ImageFormat::Png),
    ];
    for (module_px, page, at, format) in cases {
        let answer = scanned(&bench, drawn(&text, module_px, page, at).into(), format).await;
        assert_eq!(answer.json()["result"], "bill", "{page:?}: {}", answer.text);
        assert_eq!((&answer.json()["text"], &answer.json()["account"]), (&text.clone().into(), &"B".into()));
    }
}

#[tokio::test]
async fn what_is_transparent_counts_as_white() {
    let bench = Bench::new().await;
    let text = code(&bench.order().await.payment("key-1").await);
    let mut clear = RgbaImage::new(400, 400);
    for (x, y, pixel) in drawn(&text, 8, (400, 400), (60, 60)).enumerate_pixels() {
        if pixel.0[0] < 128 {
            clear.put_pixel(x, y, Rgba([0, 0, 0, 255]));
        }
    }
    assert_eq!(scanned(&bench, clear.into(), ImageFormat::Png).await.json()["result"], "bill");
}

#[tokio::test]
async fn a_picture_without_a_code_says_so() {
    let bench = Bench::new().await;
    let blank = GrayImage::from_pixel(300, 300, Luma([200])).into();
    let answer = scanned(&bench, blank, ImageFormat::Png).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["text"]), (422, &"未发现二维码".into()));
    let request = Request::post("/wechat/scan-picture").body(Body::from("no picture"));
    let answer = bench.send(request.unwrap()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["result"]), (422, &"no_code".into()));
}
