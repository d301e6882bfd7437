//! The built page, served.

use std::fs;

use crate::bench::Bench;

#[tokio::test]
async fn it_says_what_to_run_when_nothing_is_built() {
    let folder = tempfile::tempdir().unwrap();
    for dist in [None, Some(folder.path().to_owned())] {
        let bench = Bench::with(dist, None).await;
        let answer = bench.get("/cashier/?order=1").await;
        assert_eq!(answer.status, 503);
        assert!(answer.text.contains("cargo xtask demo"));
    }
}

#[tokio::test]
async fn files_have_their_types_and_their_time_to_live() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("index.html", "<p>cashier"),
        ("cashier-0123456789abcdef_bg.wasm", "wasm"),
        ("cashier-0123456789abcdef.js", "js"),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let bench = Bench::with(Some(folder.path().to_owned()), None).await;
    let long = "public, max-age=31536000, immutable";
    for (path, content_type, caching) in [
        ("/cashier/?order=1&token=2", "text/html", "no-cache"),
        ("/cashier/index.html", "text/html", "no-cache"),
        ("/cashier/cashier-0123456789abcdef_bg.wasm", "application/wasm", long),
        ("/cashier/cashier-0123456789abcdef.js", "text/javascript", long),
    ] {
        let answer = bench.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type));
        assert_eq!(answer.header("cache-control"), Some(caching));
    }
    assert_eq!(bench.get("/cashier/nothing.js").await.status, 404);
    let script = bench.get("/wechat/cashier/cashier-0123456789abcdef.js").await;
    assert_eq!((script.status.as_u16(), script.text.as_str()), (200, "js"));
    let answer = bench.get("/wechat/cashier?order=1").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (307, Some("/wechat/cashier/?order=1")));
    let answer = bench.get("/cashier?order=1").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (307, Some("/cashier/?order=1")));
}

#[tokio::test]
async fn the_page_is_told_its_origins_and_gets_the_phone_inside_wechat() {
    let folder = tempfile::tempdir().unwrap();
    let html = r#"<!doctype html><html><head><meta charset="utf-8"><meta name="cashier-jssdk" content="/mine.js"></head></html>"#;
    fs::write(folder.path().join("index.html"), html).unwrap();
    // A compressed copy would not have what is put in.
    fs::write(folder.path().join("index.html.br"), "compressed").unwrap();
    let bench = Bench::with(Some(folder.path().to_owned()), None).await;
    let metas = "<meta name=\"cashier-origins\" content=\"http://127.0.0.1:8088 https://qr.95516.com\">\n\
                 <meta name=\"cashier-jssdk\" content=\"/assets/jssdk.js\">\n";
    let rest = r#"<meta charset="utf-8"></head></html>"#;
    let headers = [("accept-encoding", "br")];
    for path in ["/cashier/", "/cashier/index.html?order=1"] {
        let expected = format!("<!doctype html><html><head>{metas}{rest}");
        assert_eq!(bench.visit(path, &headers).await.text, expected);
    }
    let inside = format!("<!doctype html><html><head><script src=\"/assets/inside.js\"></script>\n{metas}{rest}");
    assert_eq!(bench.visit("/wechat/cashier/?order=1", &headers).await.text, inside);
    let elsewhere = bench.visit("/cashier/", &[("host", "shop.test:81")]).await.text;
    assert!(
        elsewhere.contains("content=\"http://shop.test:81 http://127.0.0.1:8088 https://qr.95516.com\""),
        "{elsewhere}"
    );
}
