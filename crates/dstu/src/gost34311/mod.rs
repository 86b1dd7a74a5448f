//! Octets → their GOST 34.311-95 digest, with S-boxes (DKE) chosen at run time.
