"""Structured logs: one event a line, with the id of the request it belongs to."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest

# Addresses that open something to whoever knows them.
SECRETS = re.compile(
    r"(/practice/(?:r|calendar)/|/accounts/password/reset/key/|/accounts/confirm-email/)[^\s/\"'?]+"
)


def hide_secrets(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep the secret part of addresses out of the log."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = SECRETS.sub(r"\1[secret]", value)
    return event


_SHARED_PROCESSORS: list[Any] = [
    hide_secrets,
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logging(level: str, as_json: bool) -> dict[str, Any]:
    """Set up structlog and return the ``LOGGING`` dictionary; lines are JSON or for people."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED_PROCESSORS,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderers: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *renderers,
                ],
                "foreign_pre_chain": _SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            "axes": {"level": "WARNING"},
            "pymarc": {"level": "ERROR"},
        },
    }


def bind_address(request: HttpRequest, **kwargs: Any) -> None:
    """Let all lines of a request tell where it came from."""
    structlog.contextvars.bind_contextvars(ip=visitor_address(request))


def visitor_address(request: HttpRequest) -> str:
    """Where a request came from, behind as many proxies as the site has."""
    return find_address(request, settings.AXES_IPWARE_PROXY_COUNT)


def find_address(request: HttpRequest, proxies: int) -> str:
    """The visitor's address: what the outermost of our own ``proxies`` saw.

    Anybody may send a header, so that what stands before that is not believed.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else []
    address = hops[-proxies] if len(hops) >= proxies > 0 else request.META.get("REMOTE_ADDR", "")
    return str(address).strip()
