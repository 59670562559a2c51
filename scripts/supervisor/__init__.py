"""Daicho's processes under one parent."""
