"""A database of PostgreSQL does what the contract of sources asks."""

from __future__ import annotations

import pytest
from contract import ManyTables, Subject
from postgres import Server
from postgres_shops import PostgresShop

pytestmark = pytest.mark.engines


class TestPostgres(ManyTables):
    @pytest.fixture
    def subject(self, postgres: Server) -> Subject:
        return PostgresShop(postgres)
