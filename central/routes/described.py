"""OpenAPI for messages that msgspec reads and writes, so that the hot path pays for one validation only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sync.protocol import messages as m

_REF: Final = "#/components/schemas/{name}"
_MESSAGES: Final = (
    m.EnrolRequest,
    m.EnrolAnswer,
    m.HelloRequest,
    m.HelloAnswer,
    m.PushRequest,
    m.PushAnswer,
    m.PullAnswer,
    m.LeaseRequest,
    m.LeaseReturn,
    m.LeaseAnswer,
    m.CodeLookup,
    m.CodeFound,
    m.BlobState,
    m.PermitRequest,
    m.Permit,
    m.CheckRequest,
    m.CheckAnswer,
    m.Problem,
)


class RouteWords(TypedDict):
    """What a route says about itself to OpenAPI."""

    summary: str
    responses: dict[int | str, dict[str, object]]
    openapi_extra: dict[str, object]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or header that a route reads itself."""

    name: str
    place: str
    kind: str
    required: bool = False


def describe(
    summary: str,
    *,
    takes: type | None = None,
    gives: type | None = None,
    status: int = 200,
    parameters: tuple[Parameter, ...] = (),
) -> RouteWords:
    """The OpenAPI words of a route that takes and gives messages of the protocol."""
    extra: dict[str, object] = {}
    if takes is not None:
        extra["requestBody"] = {"required": True, "content": _json_of(takes)}
    if parameters:
        extra["parameters"] = [
            {"name": each.name, "in": each.place, "required": each.required, "schema": {"type": each.kind}}
            for each in parameters
        ]
    done: dict[str, object] = {"description": "done"}
    if gives is not None:
        done["content"] = _json_of(gives)
    problem: dict[str, object] = {"description": "refused, with the reason", "content": _json_of(m.Problem)}
    responses: dict[int | str, dict[str, object]] = {status: done, "4XX": problem, "5XX": problem}
    return {"summary": summary, "responses": responses, "openapi_extra": extra}


def _json_of(message: type) -> Mapping[str, object]:
    return {"application/json": {"schema": {"$ref": _REF.format(name=message.__name__)}}}


def install_schema(app: FastAPI) -> None:
    """Serve an OpenAPI document whose components are the protocol's own messages."""
    _, components = msgspec.json.schema_components(_MESSAGES, ref_template=_REF)

    def document() -> dict[str, object]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            made.setdefault("components", {}).setdefault("schemas", {}).update(components)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own documented way to extend the document
