"""Small files of each format, made without any tool."""

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest

Row = tuple[float, float, float, str]  # x, y, size, text; a text that starts with "**" is set in bold


def _page(rows: Sequence[Row]) -> bytes:
    parts = []
    for x, y, size, text in rows:
        font = "F2" if text.startswith("**") else "F1"
        shown = text.removeprefix("**").replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        parts.append(f"BT /{font} {size} Tf {x} {y} Td ({shown}) Tj ET")
    return "\n".join(parts).encode("cp1252")


def _pdf(pages: Sequence[Sequence[Row]], title: str = "") -> bytes:
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) >>".encode(),
    ]
    for number, rows in enumerate(pages):
        content = _page(rows)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (count, table, trailer)


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    """``make_pdf(pages, title="")``: each page is a list of (x, y, size, text)."""
    return _pdf


@pytest.fixture
def zip_of() -> Callable[[dict[str, bytes]], bytes]:
    """``zip_of({"name": b"content"})``: a compressed archive."""

    def build(files: dict[str, bytes]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return build
