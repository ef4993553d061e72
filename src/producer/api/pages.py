"""``/docs``: the API on one page, drawn on the server; it loads nothing from anywhere."""

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

Document = dict[str, Any]

REQUIRED = "<b>required</b>"

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #c2410c; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0 }
h2 { border-top: 1px solid var(--line); padding-top: 1.4rem; margin-top: 2.4rem; font-size: 1.1rem }
code, pre { font: .86rem/1.5 ui-monospace, monospace; background: var(--soft); border-radius: 4px }
code { padding: .1em .3em } pre { padding: .8rem; overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .93rem }
td, th { border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0 }
td, th { text-align: left; vertical-align: top }
.method { color: var(--accent); font-weight: 700 } nav a { display: block } summary { cursor: pointer }
"""


def build_pages(document: Callable[[], Document]) -> APIRouter:
    """The page and the document behind it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    async def openapi(request: Request) -> Response:
        return JSONResponse(document())

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return HTMLResponse(draw_page(document()))

    return router


def draw_page(document: Document) -> str:
    """The whole page as HTML."""
    info = document["info"]
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    operations.sort(key=lambda item: (item[2]["tags"] != ["published"], item[1]))
    links = "".join(
        f'<a href="#{op["operationId"]}"><span class="method">{method.upper()}</span> {_text(path)}</a>'
        for method, path, op in operations
    )
    parts = "".join(_draw_operation(*item) for item in operations)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{_text(info['title'])}</title><style>{STYLE}</style><h1>{_text(info['title'])}</h1>"
        f"<p>{_marked(info['description'])}</p><p>As a document: <a href=/openapi.json>openapi.json</a></p>"
        f"<nav>{links}</nav>{parts}</html>"
    )


def _draw_operation(method: str, path: str, operation: Document) -> str:
    title = f'<span class="method">{method.upper()}</span> <code>{_text(path)}</code>'
    return (
        f'<h2 id="{operation["operationId"]}">{title}</h2><p>{_marked(operation["summary"])}</p>'
        f"{_draw_fields(operation)}{''.join(_draw_answers(operation))}"
    )


def _draw_fields(operation: Document) -> str:
    rows = [
        (item["name"], item["in"], item.get("required", False), item.get("description", ""))
        for item in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {})
    rows += [
        (name, "body", name in schema["required"], field["description"])
        for name, field in schema.get("properties", {}).items()
    ]
    if not rows:
        return ""
    lines = "".join(
        f"<tr><td><code>{_text(name)}</code> {REQUIRED if required else ''}<td>{place}<td>{_marked(about)}"
        for name, place, required, about in rows
    )
    example = f"<pre>{_json(body['example'])}</pre>" if "example" in body else ""
    return f"<table><tr><th>field<th>in<th>meaning{lines}</table>{example}"


def _draw_answers(operation: Document) -> Iterator[str]:
    for status, described in operation["responses"].items():
        for kind, content in described.get("content", {}).items():
            named = content.get("examples", {"": {"value": content.get("example")}})
            shown = "".join(
                f"<p>{_text(name)}</p><pre>{_json(example['value'])}</pre>"
                for name, example in named.items()
                if example["value"] is not None
            )
            title = f"{status} {_marked(described['description'])} <code>{_text(kind)}</code>"
            opened = " open" if str(status) == "200" else ""
            yield f"<details{opened}><summary>{title}</summary>{shown}</details>"


def _json(value: Any) -> str:
    return _text(json.dumps(value, indent=2, ensure_ascii=False))


def _text(value: str) -> str:
    return html.escape(value)


def _marked(value: str) -> str:
    """Plain text with `code` and blank lines between paragraphs."""
    code = re.sub(r"`([^`]*)`", r"<code>\1</code>", _text(value))
    return code.replace("\n\n", "</p><p>")
