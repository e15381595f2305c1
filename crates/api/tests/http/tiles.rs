//! Map tiles: soums as vector tiles, rasters as pictures.

use crate::fixture::Service;

const TILES: &str = "/collections/verification/tiles/WebMercatorQuad";

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[tokio::test]
async fn a_tile_tells_what_is_published() {
    let service = Service::full().await;
    let tile = service.get(&format!("{TILES}/0/0/0")).await;
    assert_eq!((tile.status.as_u16(), tile.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    for words in ["verification", "06404", "status", "verified_improving", "I1", "Баян-Өндөр"] {
        assert!(holds(&tile.bytes, words), "{words}");
    }
    let tag = tile.header("etag").to_owned();
    assert!(tile.header("cache-control").contains("max-age"));
    let again = service.get_with(&format!("{TILES}/0/0/0"), &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    let alone = service.get("/collections/soums/tiles/WebMercatorQuad/0/0/0").await;
    assert!(holds(&alone.bytes, "soums") && holds(&alone.bytes, "06404") && !holds(&alone.bytes, "verified_improving"));
    let earlier = service.get(&format!("{TILES}/0/0/0?cycle=2023")).await;
    assert!(earlier.status == 200 && earlier.bytes != tile.bytes, "another cycle is another tile");
}

#[tokio::test]
async fn what_is_no_tile_is_told() {
    let service = Service::full().await;
    assert_eq!(service.get(&format!("{TILES}/5/0/0")).await.status, 204, "no soum lies there");
    for (path, status, code) in [
        (format!("{TILES}/1/2/0"), 404, "no_such_tile"),
        (format!("{TILES}/23/0/0"), 404, "no_such_tile"),
        (format!("{TILES}/a/0/0"), 404, "no_such_tile"),
        (format!("{TILES}/0/0/0?cycle=1900"), 404, "unknown_cycle"),
        ("/collections/nothing/tiles/WebMercatorQuad/0/0/0".to_owned(), 404, "unknown_collection"),
        ("/collections/nothing/map/tiles/WebMercatorQuad/0/0/0".to_owned(), 400, "malformed_digest"),
        (format!("/collections/{}/map/tiles/WebMercatorQuad/0/0/0", "0".repeat(64)), 404, "unknown_dataset"),
    ] {
        let refused = service.get(&path).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str()), (status, Some(code)), "{path}");
    }
    let empty = Service::empty().await;
    assert_eq!(empty.get(&format!("{TILES}/0/0/0")).await.status, 404);
    assert_eq!(empty.get("/v1/rasters").await.json()["rasters"].as_array().unwrap().len(), 0);
}
