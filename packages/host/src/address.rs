//! Where a host listens.

use std::fmt;
use std::str::FromStr;

/// The base address of a SpacetimeDB host, for example `http://127.0.0.1:3000`.
///
/// Plain `http` only: TLS ends at a proxy in front of the host. A path is allowed, for a host behind a prefix.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct HostUrl(reqwest::Url);

/// Why a text is not the address of a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostUrlError {
    /// The text is no absolute address at all.
    #[error("'{text}' is not an address ({reason}); write it like http://127.0.0.1:3000")]
    Malformed {
        /// The text as given.
        text: String,
        /// What the parser found.
        reason: String,
    },
    /// Another scheme than `http`.
    #[error("'{text}' has the scheme '{scheme}'; only http is supported, so put a proxy in front for TLS")]
    Scheme {
        /// The text as given.
        text: String,
        /// The scheme found.
        scheme: String,
    },
    /// A query, fragment or login, none of which a host has.
    #[error("'{text}' has a query, a fragment or a login; leave only http://host:port and a path")]
    Excess {
        /// The text as given.
        text: String,
    },
}

impl HostUrl {
    /// The address for an HTTP request below the base, each segment percent-encoded.
    pub(crate) fn http(&self, segments: &[&str]) -> reqwest::Url {
        let mut url = self.0.clone();
        // An http address always has a path, so this cannot fail.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// The same for a websocket.
    pub(crate) fn websocket(&self, segments: &[&str]) -> reqwest::Url {
        let mut url = self.http(segments);
        // `http` to `ws` is among the changes of scheme that are always allowed.
        let _ = url.set_scheme("ws");
        url
    }
}

impl FromStr for HostUrl {
    type Err = HostUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = reqwest::Url::parse(text).map_err(|error| HostUrlError::Malformed {
            text: text.to_owned(),
            reason: error.to_string(),
        })?;
        if url.scheme() != "http" {
            return Err(HostUrlError::Scheme {
                text: text.to_owned(),
                scheme: url.scheme().to_owned(),
            });
        }
        let login = !url.username().is_empty() || url.password().is_some();
        if login || url.query().is_some() || url.fragment().is_some() {
            return Err(HostUrlError::Excess { text: text.to_owned() });
        }
        Ok(Self(url))
    }
}

impl fmt::Display for HostUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for HostUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HostUrl({self})")
    }
}

impl serde::Serialize for HostUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for HostUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_addresses_below_the_base() {
        let check = |base: &str, segments: &[&str], http: &str, websocket: &str| {
            let url: HostUrl = base.parse().unwrap();
            assert_eq!(url.http(segments).as_str(), http);
            assert_eq!(url.websocket(segments).as_str(), websocket);
        };
        check(
            "http://a:3000",
            &["v1", "ping"],
            "http://a:3000/v1/ping",
            "ws://a:3000/v1/ping",
        );
        check("http://a:3000/x/", &["v1"], "http://a:3000/x/v1", "ws://a:3000/x/v1");
        check(
            "http://a",
            &["b/../c?d"],
            "http://a/b%2F..%2Fc%3Fd",
            "ws://a/b%2F..%2Fc%3Fd",
        );
    }

    #[test]
    fn refuses_what_is_not_a_host() {
        let check = |text: &str, part: &str| {
            let error = text.parse::<HostUrl>().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check("127.0.0.1:3000", "is not an address");
        check("https://a", "scheme 'https'");
        check("http://a/?b=c", "query");
        check("http://u:p@a/", "login");
    }

    #[test]
    fn shows_no_trailing_slash() {
        assert_eq!("http://a:1/".parse::<HostUrl>().unwrap().to_string(), "http://a:1");
    }
}
