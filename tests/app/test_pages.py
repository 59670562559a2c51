"""Every table opens; what a role may not read or do, it cannot; writing keeps what was typed."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.app.shopfront import ROLES, Person, errors_in
