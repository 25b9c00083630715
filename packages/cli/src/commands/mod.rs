//! One module a command.

pub mod admin;
pub mod content;
pub mod content_book;
pub mod down;
pub mod players;
pub mod publish;
pub mod region;
pub mod status;
pub mod unpublish;
pub mod up;
pub mod world;
