"""What the house promises of its speed, measured: `make bench`. Never part of `make test`."""
