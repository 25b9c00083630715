//! When a token ends, as far as that can be seen without its host.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use hexmarch_host::Token;

/// Later ends, after the year 9999, are as good as none.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// `None` when it has no end, as a host's own tokens, or is none of the kind that says so (JSON Web Token).
pub(super) fn end(token: &Token) -> Option<SystemTime> {
    let payload = token.reveal().split('.').nth(1)?;
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    let end = Duration::try_from_secs_f64(claims.get("exp")?.as_f64()?).ok()?;
    UNIX_EPOCH.checked_add(end).filter(|_| end <= LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_end_of_a_token_that_has_one() {
        let check = |payload: &str, expected: Option<u64>| {
            let token = Token::new(&format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))).unwrap();
            let expected = expected.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(end(&token), expected, "{payload}");
        };
        check(r#"{"exp": 9000}"#, Some(9000));
        check(r#"{"exp": null, "iss": "localhost"}"#, None);
        check(r#"{"exp": -5}"#, None);
        check(r#"{"exp": 1e300}"#, None);
        check("nonsense", None);
        assert_eq!(end(&Token::new("opaque").unwrap()), None);
    }
}
