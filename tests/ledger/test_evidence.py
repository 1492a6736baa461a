"""Papers as pictures beside the figures: drawn in the background, read by whoever reads the receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from config import Config
from crm.core import clock, runs
from crm.core.database import Database
from crm.core.once import new_key
from crm.core.runs import BackgroundRun
from crm.files.jobs import KEPT, remove_orphans, remove_pictures
from crm.files.models import Attachment
from tests.factories import money, work
from tests.factories.background import do_all
from tests.factories.city import City
from tests.files.pictures import huge_png, pdf, photo

PDF_WITH_PASSWORD = pdf(1).replace(
    b"/Root 1 0 R",
    b"/Root 1 0 R /ID [<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>] "
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
    + b"28" * 32
    + b"> /U <"
    + b"41" * 32
    + b"> >>",
)


@pytest.fixture
def project_id(city: City) -> int:
    """A project of 昆区一科."""
    return work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))


def paper_of(city: City, receipt_id: int) -> str:
    """The address of a receipt's one paper."""
    with city.database.read() as session:
        found = session.query(Attachment).filter_by(subject_kind="receipt", subject_id=receipt_id)
        return f"/receipts/{receipt_id}/files/{found.one().id}"


def test_what_is_given_at_a_page_is_drawn_and_stands_beside_the_figures(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    number = money.reported(city, "kunqu_officer", project_id)
    city.sign_in(client, "kunqu_officer")
    sent = {"form_key": new_key(), "bank_slip": money.upload(pdf(2))}
    assert client.post(f"/receipts/{number}/give", data=sent).status_code == 303
    paper = paper_of(city, number)
    page = client.get(f"/receipts/{number}").text
    assert f'hx-get="{paper}/pages"' in page
    assert [one.result for one in do_all(database, config)] == [{"pages": 2, "fault": ""}]
    page = client.get(f"/receipts/{number}").text
    assert re.findall(r'img src="([^"]+)" width="1400" height="1982"', page) == [
        f"{paper}/pages/1.png",
        f"{paper}/pages/2.png",
    ]
    with client.get(f"{paper}/pages/2.png") as answer:
        assert answer.data.startswith(b"\x89PNG")
        assert answer.mimetype == "image/png"
        told = {name: answer.headers[name] for name in ("Cache-Control", "Vary", "ETag")}
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in told["Cache-Control"]
    assert "public" not in told["Cache-Control"]
    assert "Cookie" in told["Vary"]
    with client.get(f"{paper}/pages/2.png", headers={"If-None-Match": told["ETag"]}) as again:
        assert again.status_code == 304
    assert client.get(f"{paper}/pages/3.png").status_code == 404


def test_what_was_never_drawn_is_asked_for_once_by_the_page_that_misses_it(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    slip = money.slip(config.files_dir, photo(), "回单.jpg")
    number = money.reported(city, "kunqu_officer", project_id, slip)
    paper = paper_of(city, number)
    city.sign_in(client, "kunqu_reviewer")
    for _ in range(2):
        assert "hx-get" in client.get(f"{paper}/pages").text
    assert len(do_all(database, config)) == 1
    fragment = client.get(f"{paper}/pages").text
    assert f"{paper}/pages/1.png" in fragment
    assert "hx-get" not in fragment


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PDF_WITH_PASSWORD, "有密码.pdf", "密码"),
        (b"%PDF-1.4 nothing", "坏.pdf", "损坏"),
        (huge_png(), "巨图.png", "过大"),
        (b"plain", "说明.txt", "此类文件"),
    ],
)
def test_what_cannot_be_shown_is_said_beside_its_download(
    client: FlaskClient,
    city: City,
    database: Database,
    config: Config,
    project_id: int,
    content: bytes,
    name: str,
    said: str,
) -> None:
    slip = money.slip(config.files_dir, content, name)
    number = money.reported(city, "kunqu_officer", project_id, slip)
    paper = paper_of(city, number)
    city.sign_in(client, "kunqu_reviewer")
    client.get(f"{paper}/pages")
    do_all(database, config)
    fragment = client.get(f"{paper}/pages").text
    assert said in fragment
    assert "hx-get" not in fragment
    assert f'href="{paper}"' in client.get(f"/receipts/{number}").text
    assert client.get(f"{paper}/pages/1.png").status_code == 404


def test_pictures_are_read_by_whoever_reads_the_receipt_and_by_nobody_else(
    client: FlaskClient, city: City, database: Database, config: Config
) -> None:
    lead = work.lead(city, "kunqu_officer", confidential=True)
    project_id = work.project(city, "kunqu_officer", lead)
    slip = money.slip(config.files_dir, pdf(1))
    number = money.reported(city, "kunqu_officer", project_id, slip)
    paper = paper_of(city, number)
    answers = {}
    for who in ("kunqu_officer", "kunqu_manager", "kunqu_colleague", "qingshan_officer", "leader"):
        city.sign_in(client, who)
        part = client.get(f"{paper}/pages").status_code
        do_all(database, config)
        with client.get(f"{paper}/pages/1.png") as answer:
            answers[who] = (part, answer.status_code)
    assert answers == {
        "kunqu_officer": (200, 200),
        "kunqu_manager": (200, 200),
        "kunqu_colleague": (404, 404),
        "qingshan_officer": (404, 404),
        "leader": (404, 404),
    }


def test_drawing_that_was_cancelled_is_said_and_tried_again_later(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    number = money.reported(city, "kunqu_officer", project_id, money.slip(config.files_dir, pdf(1)))
    paper = paper_of(city, number)
    city.sign_in(client, "kunqu_reviewer")
    client.get(f"{paper}/pages")
    with database.write("test") as session:
        (run,) = session.query(BackgroundRun).all()
        runs.cancel(session, run.id, clock.now())
    assert "下载" in client.get(f"{paper}/pages").text
    assert do_all(database, config) == []
    with database.write("test") as session:
        session.get_one(BackgroundRun, run.id).ended_at = clock.now() - timedelta(hours=1)
    assert "hx-get" in client.get(f"{paper}/pages").text
    assert len(do_all(database, config)) == 1


def test_pictures_go_with_their_content(
    city: City, client: FlaskClient, database: Database, config: Config, project_id: int
) -> None:
    slips = [money.slip(config.files_dir, pdf(pages)) for pages in (1, 2)]
    numbers = [money.reported(city, "kunqu_officer", project_id, slip) for slip in slips]
    city.sign_in(client, "kunqu_officer")
    for number in numbers:
        client.get(f"{paper_of(city, number)}/pages")
    do_all(database, config)
    with database.write("test") as session:
        gone, kept = (
            session.query(Attachment).filter_by(subject_id=number).one() for number in numbers
        )
        gone.sha256 = "0" * 64
    later = clock.now() + 2 * KEPT
    remove_orphans(database, config, later)
    remove_pictures(database, config, clock.now())  # too young to go
    assert len(list(config.pictures_dir.glob("??/*"))) == 2
    remove_pictures(database, config, later)
    assert [path.name for path in config.pictures_dir.glob("??/*")] == [kept.sha256]
