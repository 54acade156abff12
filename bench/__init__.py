"""What Onefold costs, beside its peers and beside what the databases allow: `make bench` and `make bench-
scale`."""
