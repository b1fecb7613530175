//! pgmoat: every service on a PostgreSQL cluster in its own walled-off place.
pub mod db;
pub mod throwaway;
