//! Areas of cells as Trends.Earth computes them (trends.earth-algorithms 35b2b7d), where the shared cases lie.
//!
//! It takes the semi-minor axis with ten digits, hence a difference of 1e-11 of the area.

use std::path::PathBuf;

use belcheer_zonal::geographic_cell_area_m2;
use serde_json::Value;

#[test]
fn areas_of_cells_agree_with_trends_earth() {
    let named = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let above = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let shared = named.or_else(|| above.ancestors().map(|dir| dir.join("shared")).find(|dir| dir.is_dir()));
    let Some(folder) = shared.map(|dir| dir.join("cases/trends_earth/calls")).filter(|dir| dir.is_dir()) else {
        println!("skipped: no shared data (calls)");
        return;
    };
    let (mut compared, mut swapped) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let text: Value = serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
        for call in text["calls"].as_array().unwrap().iter().filter(|call| call["fn"] == "calc_cell_area") {
            let given = |at: usize| call["args"][at].as_f64().unwrap();
            let expected = call["output"].as_f64().unwrap();
            let found = geographic_cell_area_m2(given(0), given(1), given(2));
            // parallels the wrong way round: positive there, here negative, so that the mistake shows
            let found = if given(1) < given(0) {
                swapped += 1;
                assert!(found < 0.0);
                -found
            } else {
                found
            };
            assert!((found - expected).abs() <= 1e-10 * expected, "{found} for {expected}");
            compared += 1;
        }
    }
    assert_eq!((compared, swapped), (7, 1));
}
