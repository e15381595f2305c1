//! What surrounds the values: place, scale, nodata, masks, overviews, tiles that were never written.

use belcheer_cog::{CogError, Grid, Samples, Size, Window};
use belcheer_domain::PixelType;
use futures::executor::block_on;

use crate::{
    open,
    writer::{Container, Image, doubles, text, write},
};

const SCALE: u16 = 33550;
const TIEPOINT: u16 = 33922;
const KEYS: u16 = 34735;
const METADATA: u16 = 42112;
const NODATA: u16 = 42113;

fn placed(raster_type: u64) -> Image {
    let keys = vec![1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, raster_type, 3072, 0, 1, 32648];
    let xml = r#"<GDALMetadata><Item name="SCALE" sample="0" role="scale">0.0001</Item></GDALMetadata>"#;
    Image {
        more: vec![
            (SCALE, 12, doubles(&[10.0, 20.0, 0.0])),
            (TIEPOINT, 12, doubles(&[0.0, 0.0, 0.0, 500_000.0, 5_000_000.0, 0.0])),
            (KEYS, 3, keys),
            (METADATA, 2, text(xml)),
            (NODATA, 2, text("65535")),
        ],
        ..Image::default()
    }
}

#[test]
fn place_scale_and_nodata_are_read() {
    let cog = open(write(&[placed(1)], Container { big_endian: true, big_tiff: true })).unwrap();
    assert_eq!(cog.grid(), Some(Grid { x_min: 500_000.0, y_max: 5_000_000.0, dx: 10.0, dy: 20.0 }));
    assert_eq!((cog.epsg(), cog.is_geographic()), (Some(32648), Some(false)));
    assert_eq!((cog.nodata(), cog.scale(0), cog.offset(0), cog.scale(1)), (Some(65535.0), Some(1e-4), None, None));
    assert_eq!(cog.tile_size(), Size { rows: 16, cols: 16 });
}

#[test]
fn points_are_cell_centres() {
    let cog = open(write(&[placed(2)], Container::default())).unwrap();
    assert_eq!(cog.grid(), Some(Grid { x_min: 499_995.0, y_max: 5_000_010.0, dx: 10.0, dy: 20.0 }));
}

fn ramp(_: PixelType, _: u32, row: u32, col: u32) -> f64 {
    f64::from(row * 10 + col)
}

#[test]
fn nodata_and_nan_are_missing() {
    let small = Image { width: 4, height: 2, value: ramp, ..Image::default() };
    let with = |image: &Image, nodata: &str| {
        let image = Image { more: vec![(NODATA, 2, text(nodata))], ..image.clone() };
        block_on(open(write(&[image], Container::default())).unwrap().read_band(0)).unwrap()
    };
    let read = with(&small, "11");
    assert_eq!(read.valid, Some(vec![true, true, true, true, true, false, true, true]));
    assert_eq!(read.to_f64_masked(2.0, 1.0)[4..6], [Some(21.0), None]);
    assert_eq!(read.valid_count(), 7);
    assert!(read.is_valid(4) && !read.is_valid(5) && !read.is_valid(8));
    assert_eq!(with(&small, "11.5").valid, None);
    assert_eq!(with(&small, "-1").valid, None);
    let holed = Image {
        pixel_type: PixelType::F32,
        value: |t, b, row, col| if (row, col) == (1, 2) { f64::NAN } else { ramp(t, b, row, col) },
        ..small
    };
    assert_eq!(with(&holed, "3").valid, Some(vec![true, true, true, false, true, true, false, true]));
    assert_eq!(with(&holed, "nan").valid_count(), 7);
}

#[test]
fn nodata_that_is_no_number_is_refused() {
    let image = Image { more: vec![(NODATA, 2, text("missing"))], ..Image::default() };
    let error = open(write(&[image], Container::default())).unwrap_err();
    assert!(matches!(error, CogError::Malformed { what: "GDAL_NODATA", .. }), "{error}");
}

#[test]
fn unwritten_tiles_are_nodata_or_zero() {
    let sparse = Image { unwritten: vec![0, 4], value: |_, _, _, _| 7.0, ..Image::default() };
    let plain =
        block_on(open(write(std::slice::from_ref(&sparse), Container::default())).unwrap().read_band(0)).unwrap();
    assert_eq!((plain.samples.get_f64(0), plain.samples.get_f64(16)), (Some(0.0), Some(7.0)));
    assert_eq!(plain.valid, None);
    let declared = Image { more: vec![(NODATA, 2, text("9"))], ..sparse.clone() };
    let read = block_on(open(write(&[declared], Container::default())).unwrap().read_band(0)).unwrap();
    assert_eq!((read.samples.get_f64(0), read.is_valid(0), read.is_valid(16)), (Some(9.0), false, true));
    assert_eq!(read.valid_count(), 37 * 29 - 16 * 16 - 16 * 13);
    let all = Image { unwritten: (0..6).collect(), more: vec![(NODATA, 2, text("-5"))], ..sparse };
    let read = block_on(open(write(&[all], Container::default())).unwrap().read_band(0)).unwrap();
    assert_eq!(read.valid_count(), 0, "nodata outside the sample type still means missing");
}

fn checker(_: PixelType, _: u32, row: u32, col: u32) -> f64 {
    f64::from((row / 3 + col) % 2)
}

fn mask(bits: bool, kind: u64, width: u32, height: u32) -> Image {
    Image {
        width,
        height,
        bits,
        pixel_type: PixelType::U8,
        tile: (64, 32),
        subfile_type: kind,
        value: checker,
        ..Image::default()
    }
}

#[test]
fn masks_decide_what_is_valid_at_every_level() {
    for bits in [true, false] {
        let overview = Image { width: 19, height: 15, subfile_type: 1, ..Image::default() };
        let file = [Image::default(), mask(bits, 4, 37, 29), overview, mask(bits, 5, 19, 15)];
        let cog = open(write(&file, Container::default())).unwrap();
        assert!(cog.has_mask());
        assert_eq!(cog.overviews(), [Size { rows: 15, cols: 19 }]);
        for level in 0..2 {
            let window = Window { row: 2, col: 5, rows: 11, cols: 12 };
            let read = block_on(cog.read_window_at(level, 0, window)).unwrap();
            let expected: Vec<bool> =
                (2..13).flat_map(|row| (5..17).map(move |col| checker(PixelType::U8, 0, row, col) != 0.0)).collect();
            assert_eq!(read.valid, Some(expected));
        }
    }
}

#[test]
fn masks_that_do_not_fit_are_refused() {
    let refused = |image: Image| open(write(&[Image::default(), image], Container::default())).unwrap_err();
    assert!(matches!(refused(mask(true, 4, 20, 20)), CogError::Unsupported { .. }));
    let wide = Image { pixel_type: PixelType::U16, ..mask(false, 4, 37, 29) };
    assert!(matches!(refused(wide), CogError::Unsupported { .. }));
}

#[test]
fn overviews_are_ordered_and_others_are_left_out() {
    let overview = |width, height, pixel_type| Image { width, height, pixel_type, subfile_type: 1, ..Image::default() };
    let image = placed(1);
    let file = [
        image.clone(),
        overview(10, 8, PixelType::U16),
        overview(19, 15, PixelType::U16),
        overview(5, 4, PixelType::U8),
        Image::default(),
    ];
    let cog = open(write(&file, Container::default())).unwrap();
    assert_eq!(cog.overviews(), [Size { rows: 15, cols: 19 }, Size { rows: 8, cols: 10 }]);
    assert_eq!(cog.pages_ignored(), 2);
    let read = block_on(cog.read_band_at(2, 0)).unwrap();
    let Samples::U16(values) = read.samples else { panic!("wrong type") };
    assert_eq!(f64::from(values[9]), (image.value)(PixelType::U16, 0, 0, 9));
    let grid = cog.level_grid(1).unwrap();
    assert_eq!((grid.x_min, grid.dx, grid.dy), (500_000.0, 10.0 * 37.0 / 19.0, 20.0 * 29.0 / 15.0));
    assert_eq!(cog.level_grid(3), None);
}
