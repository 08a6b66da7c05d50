"""sdc-airlock: what may leave a secure data environment, and what a person has to look at first."""

__version__ = "0.1.0"
