//! Where in a file something stands, as a person says it: `steps[intro].then[0].template`.

use std::fmt;

/// One stop on the way from the file's root to a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// The value under a key of a mapping.
    Key(String),
    /// The item at a place in a list, counted from 0.
    Index(usize),
    /// The first item of a list that is a mapping whose `key` is `is`.
    Item {
        /// The key that names the items, `id` for steps.
        key: String,
        /// The name of the wanted item.
        is: String,
    },
}

/// The way from the file's root to a value, an entry or an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Route(Vec<Stop>);

impl Route {
    /// The file's root.
    pub fn root() -> Self {
        Self::default()
    }

    /// Goes on to the value under a key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.push(Stop::Key(key.into()));
        self
    }

    /// Goes on to the item at a place, counted from 0.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(Stop::Index(index));
        self
    }

    /// Goes on to the item whose `key` is `is`.
    #[must_use]
    pub fn item(mut self, key: impl Into<String>, is: impl Into<String>) -> Self {
        self.0.push(Stop::Item { key: key.into(), is: is.into() });
        self
    }

    /// Goes on to the item whose `id` is `id`: a step.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        self.item("id", id)
    }

    /// Goes on by one stop.
    #[must_use]
    pub fn join(mut self, stop: Stop) -> Self {
        self.0.push(stop);
        self
    }

    /// The stops in their order.
    pub fn stops(&self) -> &[Stop] {
        &self.0
    }

    /// The first `count` stops.
    pub(super) fn first(&self, count: usize) -> Route {
        Route(self.0[..count.min(self.0.len())].to_vec())
    }
}

impl From<&str> for Route {
    /// The value under a key at the root.
    fn from(key: &str) -> Self {
        Route::root().key(key)
    }
}

impl FromIterator<Stop> for Route {
    fn from_iter<T: IntoIterator<Item = Stop>>(stops: T) -> Self {
        Route(stops.into_iter().collect())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("the file");
        }
        for (count, stop) in self.0.iter().enumerate() {
            match stop {
                Stop::Key(key) if count == 0 => formatter.write_str(key)?,
                Stop::Key(key) => write!(formatter, ".{key}")?,
                Stop::Index(index) => write!(formatter, "[{index}]")?,
                Stop::Item { key, is } if key == "id" => write!(formatter, "[{is}]")?,
                Stop::Item { key, is } => write!(formatter, "[{key}={is}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_reads_like_code() {
        let route = Route::from("steps").id("intro").key("then").index(0).key("template");
        assert_eq!(route.to_string(), "steps[intro].then[0].template");
        assert_eq!(Route::from("people").item("name", "ana").to_string(), "people[name=ana]");
    }
}
