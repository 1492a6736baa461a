"""Settings, read once from the environment into a frozen dataclass.

A secret has no default: `crm run` and `crm init` write a random one to `var/secret-key` at the first
start, a server of one's own sets CRM_SECRET_KEY. The README's table lists every variable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crm.core.mail import MailServer, Security

HOUSE = Path(__file__).resolve().parent


class ConfigError(Exception):
    """A setting is missing or cannot be read; the message names the variable and what it takes."""


@dataclass(frozen=True)
class Config:
    """Everything that differs between two installations of the same code."""

    secret_key: str
    data_dir: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True
    demo_password: str = ""
    demo_size: str = "city"
    secure_cookies: bool = False
    proxies: int = 0
    workers: int = 2
    threads: int = 4
    upload_bytes: int = 20 * 1024 * 1024
    session_hours: int = 12
    base_url: str = "http://127.0.0.1:8000"
    mail_server: MailServer | None = None
    mail_sender: str = "crm@localhost.localdomain"
    mail_sender_name: str = "招商工作台"
    mail_reply_to: str = ""

    @property
    def mail_dir(self) -> Path:
        """Where letters land as files while no mail server is configured."""
        return self.data_dir / "mail"

    @property
    def files_dir(self) -> Path:
        """Where attachments lie, named by their content's hash."""
        return self.data_dir / "files"

    @property
    def pictures_dir(self) -> Path:
        """Where pictures of attachments lie; drawn from them, never backed up."""
        return self.data_dir / "pictures"

    @property
    def loopback(self) -> bool:
        """Whether the server listens to this machine alone."""
        return self.host in {"127.0.0.1", "::1", "localhost"}


def data_dir(environment: Mapping[str, str]) -> Path:
    """The folder of everything that is not code: database, files, keys."""
    return Path(environment.get("CRM_DATA_DIR", HOUSE / "var")).resolve()


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    """The settings of this process.

    Raises:
        ConfigError: a value cannot be read, or no secret is set.
    """
    folder = data_dir(environment)
    return Config(
        secret_key=_secret(environment, folder),
        data_dir=folder,
        database_url=environment.get("CRM_DATABASE_URL") or f"sqlite:///{folder / 'crm.db'}",
        host=environment.get("HOST", "127.0.0.1"),
        port=_whole(environment, "PORT", 8000),
        demo=_switch(environment, "CRM_DEMO", True),
        demo_password=environment.get("CRM_DEMO_PASSWORD", ""),
        demo_size=_choice(environment, "CRM_DEMO_SIZE", ("city", "whole", "small")),
        secure_cookies=_switch(environment, "CRM_SECURE_COOKIES", False),
        proxies=_whole(environment, "CRM_PROXIES", 0),
        workers=_whole(environment, "CRM_WORKERS", 2),
        threads=_whole(environment, "CRM_THREADS", 4),
        upload_bytes=_whole(environment, "CRM_UPLOAD_MB", 20) * 1024 * 1024,
        session_hours=_whole(environment, "CRM_SESSION_HOURS", 12),
        base_url=_base_url(environment),
        **_mail(environment),
    )


def _base_url(environment: Mapping[str, str]) -> str:
    """Where people reach the pages: what links of letters begin with."""
    port = _whole(environment, "PORT", 8000)
    text = environment.get("CRM_BASE_URL") or f"http://127.0.0.1:{port}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(f"CRM_BASE_URL takes an address as https://crm.example.cn, not {text!r}")
    return text.rstrip("/")


def _mail(environment: Mapping[str, str]) -> dict[str, Any]:
    """The mail server and who writes; without CRM_SMTP_HOST letters become files."""
    host = environment.get("CRM_SMTP_HOST", "").strip()
    sender = environment.get("CRM_MAIL_FROM", "").strip()
    found: dict[str, Any] = {}
    for name, field in (("CRM_MAIL_FROM", "mail_sender"), ("CRM_MAIL_REPLY_TO", "mail_reply_to")):
        if address := environment.get(name, "").strip():
            if address.count("@") != 1 or any(letter in address for letter in " <>,;\r\n"):
                raise ConfigError(f"{name} takes one mail address, not {address!r}")
            found[field] = address
    if name := environment.get("CRM_MAIL_FROM_NAME", "").strip():
        found["mail_sender_name"] = name
    if not host:
        return found
    if not sender:
        raise ConfigError(
            "CRM_SMTP_HOST is set: CRM_MAIL_FROM says whose address letters come from"
        )
    security = environment.get("CRM_SMTP_SECURITY", "starttls").lower()
    if security not in list(Security):
        raise ConfigError(f"CRM_SMTP_SECURITY takes starttls, tls or none, not {security!r}")
    usual = {"starttls": 587, "tls": 465, "none": 25}[security]
    user = environment.get("CRM_SMTP_USER", "")
    password = environment.get("CRM_SMTP_PASSWORD", "")
    if bool(user) != bool(password):
        raise ConfigError("CRM_SMTP_USER and CRM_SMTP_PASSWORD are set together or not at all")
    port = _whole(environment, "CRM_SMTP_PORT", usual)
    if not 0 < port < 65536:
        raise ConfigError(f"CRM_SMTP_PORT takes 1 to 65535, not {port}")
    return found | {"mail_server": MailServer(host, port, Security(security), user, password)}


def _secret(environment: Mapping[str, str], folder: Path) -> str:
    if secret := environment.get("CRM_SECRET_KEY", ""):
        return secret
    try:
        return (folder / "secret-key").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise ConfigError(
            "CRM_SECRET_KEY is not set and there is no secret-key file in the data folder: "
            "run `crm init` once, or set it to 32 or more random characters"
        ) from None


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        raise ConfigError(f"{name} takes a whole number, not {text!r}")
    return int(text)


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of some words; the first where nothing is said."""
    text = environment.get(name, "") or choices[0]
    if text not in choices:
        raise ConfigError(f"{name} takes {', '.join(choices)}, not {text!r}")
    return text


def _switch(environment: Mapping[str, str], name: str, default: bool) -> bool:
    text = environment.get(name, "").lower()
    if text in {"", "1", "0", "true", "false", "yes", "no", "on", "off"}:
        return default if text == "" else text in {"1", "true", "yes", "on"}
    raise ConfigError(f"{name} takes 1 or 0, not {text!r}")
