"""Frames in, frames out: the definitions. No I/O, no clock, no screen."""
