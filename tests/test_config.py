"""Settings are checked at the start, with the variable's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, from_environment
from crm.core.mail import MailServer, Security

KNOWN = {"CRM_SECRET_KEY": "x" * 40, "CRM_DATA_DIR": str(Path("/tmp/nowhere"))}
MAIL = {"CRM_SMTP_HOST": "mail.example", "CRM_MAIL_FROM": "crm@bureau.example"}


def test_without_a_mail_server_letters_become_files() -> None:
    config = from_environment(KNOWN)
    assert config.mail_server is None
    assert config.base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)]
)
def test_each_kind_of_security_has_its_usual_port(security: str, port: int) -> None:
    told = KNOWN | MAIL | ({"CRM_SMTP_SECURITY": security} if security else {})
    server = from_environment(told).mail_server
    assert server == MailServer("mail.example", port, Security(security or "starttls"))


def test_the_password_of_the_mail_server_is_never_shown() -> None:
    told = KNOWN | MAIL | {"CRM_SMTP_USER": "crm", "CRM_SMTP_PASSWORD": "open sesame"}
    config = from_environment(told)
    assert config.mail_server is not None
    assert config.mail_server.password == "open sesame"
    assert "open sesame" not in repr(config)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"CRM_SMTP_HOST": "mail.example"}, "CRM_MAIL_FROM"),
        (MAIL | {"CRM_MAIL_FROM": "a@b, c@d"}, "CRM_MAIL_FROM"),
        (MAIL | {"CRM_MAIL_FROM": "a@b\nBcc: c@d"}, "CRM_MAIL_FROM"),
        (MAIL | {"CRM_MAIL_REPLY_TO": "nobody"}, "CRM_MAIL_REPLY_TO"),
        (MAIL | {"CRM_SMTP_SECURITY": "ssl3"}, "CRM_SMTP_SECURITY"),
        (MAIL | {"CRM_SMTP_PORT": "70000"}, "CRM_SMTP_PORT"),
        (MAIL | {"CRM_SMTP_PORT": "25x"}, "CRM_SMTP_PORT"),
        (MAIL | {"CRM_SMTP_USER": "crm"}, "CRM_SMTP_PASSWORD"),
        ({"CRM_DEMO_SIZE": "huge"}, "CRM_DEMO_SIZE"),
        ({"CRM_BASE_URL": "crm.example.cn"}, "CRM_BASE_URL"),
        ({"CRM_BASE_URL": "javascript://x"}, "CRM_BASE_URL"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, str], name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        from_environment(KNOWN | wrong)
