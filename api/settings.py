"""The settings from the environment. `.env.sample` explains them."""

import re
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from limits import parse_many
from pydantic import (
    AfterValidator,
    EmailStr,
    Field,
    HttpUrl,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from api.environment.database_urls import read_database_url
from api.environment.folders import read_dist
from api.environment.names import OwnNames, names_of
from api.environment.origins import LOCAL_ORIGINS, read_origins
from api.environment.secret_keys import FEWEST_CHARACTERS, SHORTEST_SECRET, is_weak, read_secret
from api.environment.start import ENV_FILE

# Such as "10/minute;100/hour". `parse_many` raises if this is something else.
Limits = Annotated[str, AfterValidator(lambda limits: parse_many(limits) and limits)]


class Mechanism(StrEnum):
    """The parts of the fast path. Turning one off costs only speed."""

    route_finder = "route_finder"  # finds a route by its resource, without trying all routes
    solver = "solver"  # runs a route's dependencies as a flat list
    row_writer = "row_writer"  # serializes rows without validating them again
    driver = "driver"  # reads rows directly with the database driver
    guard = "guard"  # confirms a session in the first statement of the request
    hold = "hold"  # reads a row before a change without locking it
    single_row = "single_row"  # commits a single row in one round trip


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    project_name: str = "Onefold"
    environment: Literal["development", "staging", "production"] = "development"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    docs: bool | None = None
    security_contact: str | None = None
    telemetry: bool = False
    fast_path: Annotated[frozenset[Mechanism], NoDecode] = frozenset(Mechanism)

    database_url: str = "sqlite+aiosqlite:///onefold.db"
    database_pool_size: int = Field(default=10, ge=1, le=1000)
    database_prepare_threshold: int = Field(default=5, ge=0)
    database_connect_seconds: float = Field(default=3, ge=0.05, le=60)
    database_pool_seconds: float = Field(default=2, ge=0.05, le=60)
    database_lock_seconds: float = Field(default=3, ge=0.05, le=3600)
    database_statement_seconds: float = Field(default=4, ge=0.05, le=3600)
    database_maintenance_seconds: float = Field(default=600, ge=0.05, le=86_400)
    migrate_on_start: bool = True

    secret_key: SecretStr = Field(SecretStr(""), validation_alias=names_of("secret_key"))
    secret_key_file: Path | None = None
    algorithm: Literal["HS256", "HS384", "HS512"] = Field("HS256", validation_alias=names_of("algorithm"))
    access_token_expire_minutes: int = Field(
        15, ge=1, le=24 * 60, validation_alias=names_of("access_token_expire_minutes")
    )
    refresh_token_expire_days: int = Field(default=30, ge=1, le=366)
    session_lifetime_days: int = Field(default=90, ge=1, le=3660)
    recent_sign_in_minutes: int = Field(default=15, ge=1, le=24 * 60)
    reset_token_expire_minutes: int = Field(default=60, ge=1, le=24 * 60)
    verify_token_expire_hours: int = Field(default=48, ge=1, le=24 * 31)
    team_invitation_expire_days: int = Field(default=7, ge=1, le=90)
    password_hash_rounds: int = Field(default=12, ge=4, le=16)

    first_admin_username: str | None = None
    first_admin_email: EmailStr | None = None
    first_admin_password: SecretStr | None = None
    demo_data: bool = True

    public_url: HttpUrl | None = None
    frontend_url: HttpUrl | None = None
    frontend_dist: Annotated[Path | None, AfterValidator(read_dist)] = None
    first_page: bool = True
    admin: bool = True
    cors_origins: Annotated[list[str] | None, NoDecode] = Field(
        None, validation_alias=names_of("cors_origins")
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    max_upload_bytes: int = Field(default=524_288, ge=1024)
    max_rows_per_user: int = Field(default=100_000, ge=1)
    max_bytes_per_user: int = Field(default=104_857_600, ge=1024)
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    max_picture_pixels: int = Field(default=16_000_000, ge=10_000, le=100_000_000)
    max_connections: int = Field(default=4000, ge=1)
    header_seconds: float = Field(default=10, ge=0.05, le=600)
    body_seconds: float = Field(default=10, ge=0.05, le=600)
    keep_alive_seconds: int = Field(default=5, ge=1, le=3600)
    max_unsent_bytes: int = Field(default=67_108_864, ge=65_536)
    shutdown_delay_seconds: float = Field(default=0, ge=0, le=120)

    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_from: str = "Onefold <no-reply@localhost>"

    stream_poll_seconds: float = Field(default=0.75, ge=0.05, le=60)
    stream_heartbeat_seconds: float = Field(default=10, ge=0.05, le=14)  # FastAPI sends its own after 15
    stream_send_seconds: float = Field(default=10, ge=0.05, le=600)
    stream_hello_seconds: float = Field(default=5, ge=0.05, le=60)
    streams_per_user: int = Field(default=20, ge=1, le=10_000)
    events_kept_days: float = Field(default=7, gt=0, le=3650)
    notifications_kept_days: float = Field(default=90, gt=0, le=3650)
    trash_days: float = Field(default=30, gt=0, le=3650)
    activity: bool = True
    activity_days: float = Field(default=90, ge=0, le=3650)

    redis_url: SecretStr | None = None
    rate_limit_enabled: bool = True
    rate_limit_requests: Limits = "12000/minute"
    rate_limit_auth: Limits = "120/minute;2000/hour"
    rate_limit_refresh: Limits = "600/minute;10000/hour"
    rate_limit_mail: Limits = "300/hour;1000/day"
    rate_limit_recipient: Limits = "5/hour;20/day"
    rate_limit_known_device: Limits = "10/minute;100/hour"
    rate_limit_failures_source: Limits = "10/15 minutes;50/day"
    rate_limit_failures_account: Limits = "30/15 minutes;100/day"
    rate_limit_failures_address: Limits = "100/15 minutes"

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: Any, *sources: Any, **named: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code wins, then the environment, then the file."""
        return init_settings, *(OwnNames(settings_cls, one) for one in (*sources, *named.values()))

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str) -> str:
        return read_database_url(url)[0]

    @field_validator("security_contact")
    @classmethod
    def _read_contact(cls, contact: str | None) -> str | None:
        if contact and not re.fullmatch(r"(mailto:|https://|tel:)?[\x21-\x7e]+", contact):
            raise ValueError("Write an e-mail address, or an https: address of a form")
        return f"mailto:{contact}" if contact and re.match("[^:/]+@", contact) else contact

    @field_validator("redis_url")
    @classmethod
    def _read_redis_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("Write redis://host:6379/0, or rediss:// with TLS")
        return url

    @field_validator("fast_path", mode="before")
    @classmethod
    def _name_mechanisms(cls, value: Any) -> Any:
        """`true`, `false`, or a comma-separated list of mechanisms."""
        if isinstance(value, bool | str) and str(value).lower() in {"true", "1", "false", "0"}:
            return frozenset(Mechanism) if str(value).lower() in {"true", "1"} else frozenset()
        return value.replace(" ", "").split(",") if isinstance(value, str) else value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: Any) -> Any:
        return read_origins(value)

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if not secret and self.secret_key_file:
            secret = read_secret(self.secret_key_file, may_create=self.development)
        if not secret and self.development:
            secret = secrets.token_urlsafe(48)  # a new one at each start, which ends access tokens
        object.__setattr__(self, "secret_key", SecretStr(secret))
        if not self.development and is_weak(secret):
            raise ValueError(
                f"SECRET_KEY is missing, well known, shorter than {SHORTEST_SECRET} bytes or of fewer than "
                f"{FEWEST_CHARACTERS} different characters, and ENVIRONMENT is "
                f'"{self.environment}". Set SECRET_KEY to the output of: '
                'python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return self

    @model_validator(mode="after")
    def _complete_the_first_admin(self) -> Self:
        given = {name: value for name, value in vars(self).items() if name.startswith("first_admin_")}
        if any(given.values()) and not all(given.values()):
            raise ValueError(f"Set all of {', '.join(given).upper()}, or none.")
        return self

    @property
    def development(self) -> bool:
        return self.environment == "development"

    @property
    def shows_docs(self) -> bool:
        return self.environment != "production" if self.docs is None else self.docs

    @property
    def origins(self) -> list[str]:
        """The origins whose pages may call the API. Without the setting: in development, local front ends."""
        return (LOCAL_ORIGINS if self.development else []) if self.cors_origins is None else self.cors_origins
