//! The messages of the Mapbox Vector Tile Specification 2.1 and its geometry commands.

use prost::Message;

/// Units along the side of a tile.
pub(crate) const EXTENT: u32 = 4096;

const POLYGON: i32 = 3;
const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Tile {
    #[prost(message, repeated, tag = "3")]
    pub(crate) layers: Vec<Layer>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Layer {
    #[prost(uint32, required, tag = "15")]
    pub(crate) version: u32,
    #[prost(string, required, tag = "1")]
    pub(crate) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(crate) features: Vec<Feature>,
    #[prost(string, repeated, tag = "3")]
    pub(crate) keys: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) values: Vec<Value>,
    #[prost(uint32, optional, tag = "5")]
    pub(crate) extent: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Feature {
    #[prost(uint64, optional, tag = "1")]
    pub(crate) id: Option<u64>,
    #[prost(uint32, repeated, tag = "2")]
    pub(crate) tags: Vec<u32>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) kind: Option<i32>,
    #[prost(uint32, repeated, tag = "4")]
    pub(crate) geometry: Vec<u32>,
}

impl Feature {
    pub(crate) fn polygon(id: u64, tags: Vec<u32>, geometry: Vec<u32>) -> Self {
        Self { id: Some(id), tags, kind: Some(POLYGON), geometry }
    }
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Value {
    #[prost(string, optional, tag = "1")]
    pub(crate) text: Option<String>,
    #[prost(double, optional, tag = "3")]
    pub(crate) number: Option<f64>,
}

/// Writes rings as commands.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    words: Vec<u32>,
    pen: (i32, i32),
}

impl Commands {
    /// Writes a ring of three or more points: an outer one with positive area (y grows southwards), a hole with negative.
    pub(crate) fn ring(&mut self, points: &[(i32, i32)], outer: bool) {
        let forwards = (doubled_area(points) > 0) == outer;
        let place = |n: usize| points.get(if forwards { n } else { points.len() - 1 - n }).copied().unwrap_or_default();
        self.words.push(MOVE_TO | (1 << 3));
        self.to(place(0));
        #[expect(clippy::cast_possible_truncation, reason = "a tile has fewer points than that")]
        self.words.push(LINE_TO | (((points.len() - 1) as u32) << 3));
        for n in 1..points.len() {
            self.to(place(n));
        }
        self.words.push(CLOSE_PATH | (1 << 3));
    }

    fn to(&mut self, (x, y): (i32, i32)) {
        for step in [x - self.pen.0, y - self.pen.1] {
            #[expect(clippy::cast_sign_loss, reason = "that is what zigzag is for")]
            self.words.push(((step << 1) ^ (step >> 31)) as u32);
        }
        self.pen = (x, y);
    }

    /// What was written.
    pub(crate) fn finish(self) -> Vec<u32> {
        self.words
    }
}

/// Twice the area of a ring by the surveyor's formula; positive when it turns clockwise on the screen.
pub(crate) fn doubled_area(points: &[(i32, i32)]) -> i64 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The polygon of the specification's section 4.3.5.5, its rings in either direction.
    #[test]
    fn commands_are_those_of_the_specification() {
        let outer = [(3, 6), (8, 12), (20, 34)];
        let mut commands = Commands::default();
        commands.ring(&outer, true);
        assert_eq!(commands.finish(), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
        let square = [(11, 11), (20, 11), (20, 20), (11, 20)];
        let turned: Vec<(i32, i32)> = square.iter().rev().copied().collect();
        for ring in [&square[..], &turned[..]] {
            let mut commands = Commands::default();
            commands.ring(ring, false);
            let words = commands.finish();
            assert_eq!((words.len(), words[0], words[3]), (11, 9, 26));
        }
    }
}
