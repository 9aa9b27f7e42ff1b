"""The demo's pictures, drawn with Pillow: every one by code, from nothing, the same on every machine."""
