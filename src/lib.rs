//! pgmoat: every service on a PostgreSQL cluster in its own walled-off place.
pub mod access;
pub mod adopt;
pub mod apply;
pub mod catalog;
pub mod cli;
pub mod db;
pub mod diff;
pub mod layout;
pub mod model;
pub mod plan;
pub mod proof;
pub mod secrets;
pub mod throwaway;
