//! The game's rules, one module per feature.
//!
//! A rule is a pure function: rows and arguments in, a decision or a typed error out. No clock, no I/O, no database;
//! the reducer that calls a rule loads what it needs and applies what it says. An error displays as a stable key with
//! arguments after `|`, which clients render in the player's language.

pub mod chance;
pub mod config;
pub mod content_push;
pub mod day;
pub mod enemy_ai;
pub mod herd;
pub mod inter_module;
pub mod inventory;
pub mod loot;
pub mod movement;
pub mod npc;
pub mod rate_limit;
pub mod region_choice;
pub mod resource;
pub mod session;
pub mod text;
pub mod user_name;
