//! Identities as people write them.

use std::str::FromStr;

use serde_json::{json, Value};
use spacetimedb_lib::Identity;

/// An identity, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityText(Identity);

impl IdentityText {
    /// As a reducer's argument.
    pub fn sats(&self) -> Value {
        json!([format!("0x{}", self.0.to_hex())])
    }
}

impl FromStr for IdentityText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let is_whole = digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        match Identity::from_hex(digits) {
            Ok(identity) if is_whole => Ok(Self(identity)),
            _ => Err(
                "an identity has 64 hexadecimal digits, as in the column 'identity' of user_region_state".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_identities_only() {
        let hex = format!("c200{}", "ab".repeat(30));
        let identity: IdentityText = hex.parse().unwrap();
        assert_eq!(identity.sats(), json!([format!("0x{hex}")]));
        assert_eq!(format!("0x{hex}").parse(), Ok(identity));
        for bad in ["", "c2", "zz", "0x"] {
            assert!(bad.parse::<IdentityText>().is_err(), "{bad}");
        }
    }
}
