//! Query strings, read strictly: what a route does not know is refused, not ignored.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::problem::Problem;

/// A query whose every parameter is one of those that OpenAPI lists for the route, each at most once.
#[derive(Debug)]
pub(crate) struct Checked<T>(pub(crate) T);

/// The query of a route that takes no parameters.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct NoQuery {}

impl<T, S> FromRequestParts<S> for Checked<T>
where
    T: DeserializeOwned + IntoParams,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(pairs) =
            Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| Problem::bad_request())?;
        let known: Vec<String> = T::into_params(|| None).into_iter().map(|p| p.name).collect();
        for (place, (name, value)) in pairs.iter().enumerate() {
            // what was not UTF-8 has become this character
            if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(Problem::bad_request());
            }
            if !known.contains(name) {
                return Err(Problem::unknown_parameter(name, &known));
            }
            if pairs.iter().skip(place + 1).any(|(other, _)| other == name) {
                return Err(Problem::bad_parameter(name, value, ("нэг л удаа бичсэн", "given once only")));
            }
        }
        let Query(query) = Query::<T>::try_from_uri(&parts.uri).map_err(|_| Problem::bad_request())?;
        Ok(Self(query))
    }
}

/// The text of a parameter; an empty one counts as absent.
pub(crate) fn given(text: Option<&String>) -> Option<&str> {
    text.map(|t| t.trim()).filter(|t| !t.is_empty())
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// At most so many rows.
    pub(crate) limit: usize,
    /// Rows skipped.
    pub(crate) offset: usize,
}

impl Page {
    /// Rows of a page when no limit is given; more than the country has soums.
    const LIMIT: usize = 500;
    /// Most rows of a page.
    const LIMIT_MAX: usize = 1000;
    /// Most rows skipped; what the document calls a number of 32 bits.
    const OFFSET_MAX: u32 = i32::MAX.unsigned_abs();

    /// Reads `limit` and `offset`.
    pub(crate) fn of(limit: Option<&String>, offset: Option<&String>) -> Result<Self, Problem> {
        let bad_limit = |t: &str| Problem::bad_parameter("limit", t, ("1-ээс 1000 хүртэл бүхэл тоо", "1 to 1000"));
        let bad_offset =
            |t: &str| Problem::bad_parameter("offset", t, ("сөрөг биш бүхэл тоо", "a whole number, not negative"));
        let limit = match given(limit) {
            None => Self::LIMIT,
            Some(t) => t.parse().ok().filter(|n| (1..=Self::LIMIT_MAX).contains(n)).ok_or_else(|| bad_limit(t))?,
        };
        let offset = given(offset)
            .map_or(Ok(0), |t| t.parse().ok().filter(|n| *n <= Self::OFFSET_MAX).ok_or_else(|| bad_offset(t)))?;
        Ok(Self { limit, offset: usize::try_from(offset).unwrap_or(usize::MAX) })
    }

    /// The rows of this page.
    pub(crate) fn cut<T>(self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().skip(self.offset).take(self.limit).collect()
    }

    /// The address of the next page of `total` rows: the address at hand with another `offset`.
    pub(crate) fn next(self, uri: &axum::http::Uri, total: usize) -> Option<String> {
        let offset = self.offset.checked_add(self.limit).filter(|next| *next < total)?;
        let kept = uri.query().unwrap_or("").split('&').filter(|pair| {
            let name = pair.split('=').next().unwrap_or("");
            !pair.is_empty() && name != "offset" && name != "limit"
        });
        let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
        pairs.push(format!("limit={}", self.limit));
        pairs.push(format!("offset={offset}"));
        Some(format!("{}?{}", uri.path(), pairs.join("&")))
    }
}

/// A box of longitude and latitude on WGS 84: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bbox(pub(crate) [f64; 4]);

impl Bbox {
    /// Reads `west,south,east,north` in degrees.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let bad = || {
            let expected = (
                "баруун,өмнөд,зүүн,хойд хил градусаар, жишээ нь 97,45,99,47",
                "west,south,east,north in degrees, such as 97,45,99,47",
            );
            Problem::bad_parameter("bbox", text, expected)
        };
        let numbers: Option<Vec<f64>> = text.split(',').map(|t| t.trim().parse().ok()).collect();
        let bounds: [f64; 4] = numbers.and_then(|n| n.try_into().ok()).ok_or_else(bad)?;
        let [west, south, east, north] = bounds;
        let inside = |v: f64, most: f64| (-most..=most).contains(&v);
        let valid = inside(west, 180.0) && inside(east, 180.0) && inside(south, 90.0) && inside(north, 90.0);
        if valid && west <= east && south <= north { Ok(Self(bounds)) } else { Err(bad()) }
    }

    /// Whether two boxes share a point.
    pub(crate) fn meets(self, other: [f64; 4]) -> bool {
        let [west, south, east, north] = self.0;
        let [other_west, other_south, other_east, other_north] = other;
        west <= other_east && other_west <= east && south <= other_north && other_south <= north
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_strictly() {
        let bbox = Bbox::parse("97, 45,99,47").unwrap();
        assert!(bbox.meets([99.0, 47.0, 100.0, 48.0]) && !bbox.meets([99.1, 45.0, 100.0, 46.0]));
        for bad in
            ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "99,45,97,47", "0,0,NaN,1", "0,0,181,1", "0,-91,1,1", "0,0,inf,1"]
        {
            assert!(Bbox::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_next_page_keeps_the_query_as_written() {
        let page = Page { limit: 2, offset: 0 };
        let uri = "/v1/soums?q=%D0%B1&limit=2".parse().unwrap();
        assert_eq!(page.next(&uri, 3).as_deref(), Some("/v1/soums?q=%D0%B1&limit=2&offset=2"));
        assert_eq!(page.next(&uri, 2), None);
    }
}
