//! Polygons kept in memory and drawn into vector tiles.

use std::collections::HashMap;

use prost::Message;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::clip::{Point, Room, Square};
use crate::mvt::{Commands, EXTENT, Feature, Layer, Tile, Value, doubled_area};
use crate::tile::TileId;

/// How far a tile reaches beyond its edge, units of the tile: renderers draw outlines across edges.
const BUFFER: f64 = 64.0;

/// A zone: polygons, each an outer ring and its holes, rings without their closing points, in world units.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// The number by which renderers know the feature.
    pub id: u64,
    /// The polygons.
    pub polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

/// What a tile tells of a zone.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
}

/// Zones with an index of where they lie.
#[derive(Debug)]
pub struct ZoneSet {
    zones: Vec<Zone>,
    index: RTree<Boxed>,
}

/// The box of a polygon, with the places of its zone and of itself.
type Boxed = GeomWithData<Rectangle<[f64; 2]>, (usize, usize)>;

impl ZoneSet {
    /// Indexes zones.
    #[must_use]
    pub fn new(zones: Vec<Zone>) -> Self {
        let mut boxes = Vec::new();
        for (place, zone) in zones.iter().enumerate() {
            for (part, rings) in zone.polygons.iter().enumerate() {
                if let Some(outer) = rings.first().filter(|ring| !ring.is_empty()) {
                    boxes.push(GeomWithData::new(bounds(outer), (place, part)));
                }
            }
        }
        Self { zones, index: RTree::bulk_load(boxes) }
    }

    /// The zones, in the order given.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// A tile with one layer; empty when no zone lies in it. `describe` is asked for the properties of the zone at a
    /// place of [`ZoneSet::zones`].
    pub fn draw(
        &self,
        tile: TileId,
        layer: &str,
        mut describe: impl FnMut(usize) -> Vec<(&'static str, Property)>,
    ) -> Vec<u8> {
        let mut parts = self.within(tile);
        parts.sort_unstable();
        let mut pen = Pen::of(tile);
        let mut words = Words::default();
        let mut features = Vec::new();
        for of_zone in parts.chunk_by(|a, b| a.0 == b.0) {
            let Some((place, zone)) = of_zone.first().and_then(|(place, _)| Some((*place, self.zones.get(*place)?)))
            else {
                continue;
            };
            let mut commands = Commands::default();
            for rings in of_zone.iter().filter_map(|(_, part)| zone.polygons.get(*part)) {
                pen.polygon(rings, &mut commands);
            }
            let geometry = commands.finish();
            if !geometry.is_empty() {
                features.push(Feature::polygon(zone.id, words.tags(describe(place)), geometry));
            }
        }
        if features.is_empty() {
            return Vec::new();
        }
        let Words { keys, values, .. } = words;
        let name = layer.to_owned();
        let layer = Layer { version: 2, name, features, keys, values, extent: Some(EXTENT) };
        Tile { layers: vec![layer] }.encode_to_vec()
    }

    fn within(&self, tile: TileId) -> Vec<(usize, usize)> {
        let (corner, side) = (tile.corner(), tile.side());
        let margin = side * BUFFER / f64::from(EXTENT);
        let envelope = AABB::from_corners(
            [corner.x - margin, corner.y - margin],
            [corner.x + side + margin, corner.y + side + margin],
        );
        self.index.locate_in_envelope_intersecting(&envelope).map(|found| found.data).collect()
    }
}

fn bounds(ring: &[Point]) -> Rectangle<[f64; 2]> {
    let least = |axis: usize| ring.iter().map(|p| p[axis]).fold(f64::INFINITY, f64::min);
    let most = |axis: usize| ring.iter().map(|p| p[axis]).fold(f64::NEG_INFINITY, f64::max);
    Rectangle::from_corners([least(0), least(1)], [most(0), most(1)])
}

/// Brings rings into a tile's own units.
struct Pen {
    origin: [f64; 2],
    units: f64,
    square: Square,
    room: Room,
    points: Vec<(i32, i32)>,
}

impl Pen {
    fn of(tile: TileId) -> Self {
        let corner = tile.corner();
        let square = Square { low: -BUFFER, high: f64::from(EXTENT) + BUFFER };
        let units = f64::from(EXTENT) / tile.side();
        Self { origin: [corner.x, corner.y], units, square, room: Room::default(), points: Vec::new() }
    }

    /// Writes a polygon; one whose outer ring has no area in this tile is left out with its holes.
    fn polygon(&mut self, rings: &[Vec<Point>], commands: &mut Commands) {
        for (place, ring) in rings.iter().enumerate() {
            let outer = place == 0;
            self.bring(ring);
            if doubled_area(&self.points) != 0 {
                commands.ring(&self.points, outer);
            } else if outer {
                return;
            }
        }
    }

    fn bring(&mut self, ring: &[Point]) {
        let ([x, y], units) = (self.origin, self.units);
        let cut = self.room.cut(ring.iter().map(|p| [(p[0] - x) * units, (p[1] - y) * units]), self.square);
        self.points.clear();
        #[expect(clippy::cast_possible_truncation, reason = "cut to a square of some thousand units")]
        self.points.extend(cut.iter().map(|p| (p[0].round() as i32, p[1].round() as i32)));
        self.points.dedup();
        while self.points.len() > 1 && self.points.first() == self.points.last() {
            self.points.pop();
        }
    }
}

/// Keys and values, each once in a layer.
#[derive(Default)]
struct Words {
    keys: Vec<String>,
    values: Vec<Value>,
    key_places: HashMap<&'static str, u32>,
    text_places: HashMap<String, u32>,
    number_places: HashMap<u64, u32>,
}

impl Words {
    fn tags(&mut self, properties: Vec<(&'static str, Property)>) -> Vec<u32> {
        properties.into_iter().flat_map(|(key, property)| [self.key(key), self.value(property)]).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a tile has fewer words than that")]
    fn key(&mut self, key: &'static str) -> u32 {
        *self.key_places.entry(key).or_insert_with(|| {
            self.keys.push(key.to_owned());
            self.keys.len() as u32 - 1
        })
    }

    #[expect(clippy::cast_possible_truncation, reason = "a tile has fewer words than that")]
    fn value(&mut self, property: Property) -> u32 {
        let values = &mut self.values;
        let mut enter = |value: Value| {
            values.push(value);
            values.len() as u32 - 1
        };
        match property {
            Property::Text(text) => match self.text_places.get(&text) {
                Some(place) => *place,
                None => {
                    let place = enter(Value { text: Some(text.clone()), number: None });
                    self.text_places.insert(text, place);
                    place
                }
            },
            Property::Number(number) => *self
                .number_places
                .entry(number.to_bits())
                .or_insert_with(|| enter(Value { text: None, number: Some(number) })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<[f64; 2]> {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
    }

    /// Two neighbours and a hole, the second zone in two parts.
    fn set() -> ZoneSet {
        ZoneSet::new(vec![
            Zone { id: 6404, polygons: vec![vec![square(0.5, 0.25, 0.1), square(0.52, 0.27, 0.02)]] },
            Zone { id: 6405, polygons: vec![vec![square(0.6, 0.25, 0.1)], vec![square(0.9, 0.9, 0.01)]] },
        ])
    }

    fn read(bytes: &[u8]) -> Layer {
        let tile = Tile::decode(bytes).unwrap();
        assert_eq!(tile.layers.len(), 1);
        tile.layers.into_iter().next().unwrap()
    }

    fn named(place: usize) -> Vec<(&'static str, Property)> {
        vec![
            ("name", Property::Text(["Булган", "Дархан"][place].to_owned())),
            ("status", Property::Text("stable".to_owned())),
            ("score", Property::Number(61.5)),
        ]
    }

    #[test]
    fn zones_are_drawn_where_they_lie_and_words_come_once() {
        let layer = read(&set().draw(TileId::new(0, 0, 0).unwrap(), "soums", named));
        assert_eq!((layer.version, layer.name.as_str(), layer.extent), (2, "soums", Some(4096)));
        assert_eq!(layer.keys, ["name", "status", "score"]);
        assert_eq!(layer.values.len(), 4, "two names, one status, one score");
        let ids: Vec<Option<u64>> = layer.features.iter().map(|f| f.id).collect();
        assert_eq!(ids, [Some(6404), Some(6405)]);
        // an outer ring and a hole: two moves of four points each; 0.5 of the world is unit 2048
        let geometry = &layer.features[0].geometry;
        assert_eq!((geometry.len(), geometry[0], geometry[1]), (22, 9, 4096));
        assert_eq!(layer.features[1].geometry.len(), 22, "both parts");
        assert!(layer.features.iter().all(|f| f.tags.len() == 6));
    }

    #[test]
    fn a_tile_holds_what_lies_in_it_and_in_its_buffer() {
        let set = set();
        // the lower right quarter's corner holds the small part of the second zone alone
        let layer = read(&set.draw(TileId::new(3, 7, 7).unwrap(), "soums", named));
        assert_eq!(layer.features.len(), 1);
        assert_eq!(layer.features[0].id, Some(6405));
        assert!(set.draw(TileId::new(3, 0, 0).unwrap(), "soums", named).is_empty());
        // deep inside a zone: the whole tile with its buffer
        let deep = read(&set.draw(TileId::new(10, 670, 300).unwrap(), "soums", named));
        assert_eq!(deep.features[0].geometry.len(), 11);
        assert_eq!(deep.features[0].geometry[1..3], [127, 8320], "64 units beyond the lower left corner, as zigzag");
    }

    #[test]
    fn what_has_no_area_in_a_tile_is_left_out() {
        let sliver = Zone { id: 1, polygons: vec![vec![square(0.5, 0.5, 1e-9)]] };
        let set = ZoneSet::new(vec![sliver]);
        assert!(set.draw(TileId::new(0, 0, 0).unwrap(), "soums", |_| Vec::new()).is_empty());
        assert!(!set.draw(TileId::new(22, 1 << 21, 1 << 21).unwrap(), "soums", |_| Vec::new()).is_empty());
    }
}
