//! What most tests of the command line begin with.

use pgmoat::throwaway::Options;

use crate::cluster::Cluster;

impl Cluster {
    /// An ordinary server, on a socket alone.
    pub(crate) fn start() -> Cluster {
        Cluster::with(&Options::default())
    }
}
