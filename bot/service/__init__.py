"""What happens in a clinic, one function each; knows the ports and the core, no platform and no database."""
