"""The connection to Discord: held up through outages, sending once, ending what hangs."""
