"""One file per router: what is particular to its resource."""
