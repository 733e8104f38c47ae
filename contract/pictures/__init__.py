"""Strict reading of pictures: base64, then the bytes of an image; knows no HTTP."""
