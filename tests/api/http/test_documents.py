from pathlib import Path
from typing import Any

import httpx
import pytest
from http_service import Service, Start

BRIDGE = "The bridge over the Sund was opened in 2011 by the king of Norway."


def upload(service: Service, *files: tuple[str, str | bytes]) -> httpx.Response:
    return service.client.post("/v1/documents", files=[("file", file) for file in files])


def test_an_upload_is_answered_from_at_once(start: Start) -> None:
    service = start()
    response = upload(service, ("bridge.txt", BRIDGE))
    (added,) = response.json()["added"]
    assert (response.status_code, added["source"]) == (201, "uploads/bridge.txt")
    assert "2011" in service.ask("When was the bridge over the Sund opened?").json()["text"]
    assert service.client.get(f"/v1/documents/{added['id']}").json()["text"] == BRIDGE


def test_a_file_of_the_same_name_replaces_the_first(start: Start) -> None:
    service = start()
    upload(service, ("bridge.txt", BRIDGE))
    assert upload(service, ("bridge.txt", BRIDGE)).status_code == 200
    response = upload(service, ("bridge.txt", BRIDGE.replace("2011", "2012")))
    assert [document["title"] for document in response.json()["updated"]] == ["bridge"]
    assert service.client.get("/v1/documents").json()["total"] == 2


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_added(start: Start) -> None:
    service = start()
    response = upload(service, ("bridge.txt", BRIDGE), ("virus.exe", "x"), ("empty.md", ""), ("fake.pdf", "no pdf"))
    report = response.json()
    assert response.status_code == 207
    assert [document["title"] for document in report["added"]] == ["bridge"]
    assert [refused["name"] for refused in report["failed"]] == ["virus.exe", "empty.md", "fake.pdf"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/etc/cron.d/x.txt", "x.txt"),
        ("<img src=x onerror=alert(1)>.txt", "_img src_x onerror_alert(1)_.txt"),
        (".txt", None),
        ("..txt", None),
        ("a\u202etxt.md", "a_txt.md"),
        ("漢" * 200 + ".TXT", "漢" * 50 + ".txt"),
        ("CON.md", "CON.md"),
    ],
)
def test_a_file_name_is_never_a_path(start: Start, tmp_path: Path, name: str, kept: str | None) -> None:
    service = start()
    report = upload(service, (name, BRIDGE)).json()
    written = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "uploads").rglob("*")]
    assert written == ([f"uploads/{kept}"] if kept else [])
    assert [document["source"] for document in report["added"]] == written


def test_the_first_upload_makes_the_index(start: Start) -> None:
    service = start(text="")
    assert upload(service, ("bridge.txt", BRIDGE)).status_code == 201
    assert "2011" in service.ask("When was the bridge over the Sund opened?").json()["text"]


def test_a_deleted_document_is_gone_with_its_file(start: Start, tmp_path: Path) -> None:
    service = start()
    (added,) = upload(service, ("bridge.txt", BRIDGE)).json()["added"]
    path = f"/v1/documents/{added['id']}"
    assert service.client.delete(path).status_code == 204
    assert (service.client.get(path).status_code, service.client.delete(path).status_code) == (404, 404)
    assert list((tmp_path / "uploads").iterdir()) == []
    assert "2011" not in service.ask("When was the bridge over the Sund opened?").json()["text"]


def test_the_last_document_can_be_deleted(start: Start) -> None:
    service = start()
    (document,) = service.client.get("/v1/documents").json()["documents"]
    assert service.client.delete(f"/v1/documents/{document['id']}").status_code == 204
    assert service.client.get("/v1/documents").json()["total"] == 0
    assert service.ask().json()["status"] == "not_in_articles"


def test_addresses_are_not_fetched(service: Service) -> None:
    response = service.client.post("/v1/documents", json={"url": "http://127.0.0.1/"})
    assert response.status_code == 422
    assert "addresses are not fetched" in response.json()["hint"]


@pytest.mark.parametrize("page", [{"limit": 0}, {"offset": -1}, {"limit": "many"}])
def test_a_page_that_cannot_be_is_a_problem(service: Service, page: dict[str, Any]) -> None:
    assert service.client.get("/v1/documents", params=page).status_code == 422
