//! The official sample, where it is beside the repository.
