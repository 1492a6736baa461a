"""What is typed into a lead form is kept while one types, for its writer alone, until it is saved."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from config import Config
from crm.core import clock
from crm.core.drafts import MOST_OF_A_FORM, FormDraft
from crm.core.jobs import FORMS_STAY_OPEN, forget_form_keys
from crm.files.jobs import KEPT, remove_orphans
from crm.files.models import Attachment
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import png

KEY = "a" * 32
OTHER = "b" * 32
DRAFTS = "/leads/drafts/quick"


def keep(client: FlaskClient, key: str = KEY, names: str = "", **typed: Any) -> Any:
    """What the browser sends while somebody types; `names`: what he changed."""
    told = {"form_key": key, "_names": names or ",".join(typed)}
    return client.post(DRAFTS, data=told | typed)


def count(city: City, what: Any = FormDraft) -> int:
    """How many rows there are."""
    with city.database.read() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def needed(**more: Any) -> dict[str, Any]:
    """As much as has to be typed."""
    return {
        "new_company": "玄武有限公司",
        "content": "拉晶",
        "next_step": "拜访",
        "next_step_on": work.today().isoformat(),
        "form_key": KEY,
    } | more


def test_it_is_there_again_when_the_form_is_opened_and_nobody_else_has_it(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert keep(client, new_company="玄武密谈公司", content="拉晶").status_code == 200
    page = client.get("/leads/quick").text
    assert 'value="玄武密谈公司"' in page
    assert f'value="{KEY}"' in page
    fresh = client.get("/leads/quick?fresh=1").text
    assert 'value="玄武密谈公司"' not in fresh
    city.sign_in(client, "kunqu_colleague")
    assert "玄武密谈公司" not in client.get("/leads/quick").text
    keep(client, content="别的")  # the same key is another draft of another person
    assert count(city) == 2


def test_two_windows_with_one_draft_undo_nothing_of_each_other(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    keep(client, new_company="玄武", content="", names="new_company")
    keep(client, new_company="", content="拉晶", names="content")
    page = client.get("/leads/quick").text
    assert 'value="玄武"' in page
    assert 'value="拉晶"' in page


def test_it_goes_with_the_save_and_a_late_window_is_told_where_the_lead_is(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    keep(client, content="拉晶")
    saved = client.post("/leads/quick", data=needed())
    assert (saved.status_code, count(city)) == (303, 0)
    late = keep(client, content="拉晶二期").json
    assert late is not None
    assert late["used"] == saved.location
    assert late["key"] != KEY


def test_a_photo_is_taken_in_at_once_and_hangs_on_the_lead_with_the_save(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    photo = {"form_key": KEY, "photo": (io.BytesIO(png()), "名片.png")}
    assert "名片.png" in client.post(f"{DRAFTS}/files", data=photo).text
    refused = client.post("/leads/quick", data=needed(content=""))
    assert refused.status_code == 422
    assert "名片.png" in refused.text
    lead = client.post("/leads/quick", data=needed()).location
    assert "名片.png" in client.get(f"{lead}?tab=files").text


def test_a_file_of_a_false_type_is_refused_and_one_taken_out_is_gone(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    false = {"form_key": KEY, "photo": (io.BytesIO(b"MZ not a picture"), "x.png")}
    assert "field-error" in client.post(f"{DRAFTS}/files", data=false).text
    good = {"form_key": KEY, "files": (io.BytesIO(png()), "现场.png")}
    page = client.post(f"{DRAFTS}/files", data=good).text
    sha256 = page.split('{"remove": "')[1].split('"')[0]
    gone = client.post(f"{DRAFTS}/files", data={"form_key": KEY, "remove": sha256}).text
    assert "现场.png" not in gone
    client.post("/leads/quick", data=needed())
    assert count(city, Attachment) == 0


def test_it_can_be_thrown_away(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    keep(client, content="拉晶")
    keep(client, OTHER, content="切片")
    answer = client.post(f"{DRAFTS}/drop", data={"draft_key": KEY, "form_key": "c" * 32})
    assert answer.status_code == 303
    page = client.get("/leads/quick").text
    assert 'value="切片"' in page
    assert "拉晶" not in page


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (DRAFTS, "short"),
        ("/leads/drafts/other", KEY),
        ("/leads/drafts/999", KEY),
        (DRAFTS, "<" * 32),
    ],
)
def test_a_draft_of_no_form_is_not_kept(
    city: City, client: FlaskClient, address: str, key: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert client.post(address, data={"form_key": key, "content": "x"}).status_code == 404
    assert count(city) == 0


def test_the_edit_of_a_lead_that_one_does_not_read_has_no_draft(
    city: City, client: FlaskClient
) -> None:
    lead = work.lead(city, "qingshan_officer")
    city.sign_in(client, "kunqu_officer")
    told = {"form_key": KEY, "content": "x"}
    assert client.post(f"/leads/drafts/{lead}", data=told).status_code == 404


def test_only_so_many_are_kept_of_a_person(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    for number in range(MOST_OF_A_FORM + 2):
        keep(client, f"{number:032}", content=f"第{number}条")
    assert count(city) == MOST_OF_A_FORM


def test_forgotten_after_a_month_and_its_files_with_it(
    city: City, client: FlaskClient, config: Config
) -> None:
    city.sign_in(client, "kunqu_officer")
    good = {"form_key": KEY, "files": (io.BytesIO(png()), "现场.png")}
    client.post(f"{DRAFTS}/files", data=good)
    later = clock.now() + KEPT + timedelta(hours=1)
    remove_orphans(city.database, config, later)
    kept = [path for path in config.files_dir.glob("??/*") if path.is_file()]
    assert len(kept) == 1
    later = clock.now() + FORMS_STAY_OPEN + timedelta(hours=1)
    forget_form_keys(city.database, config, later)
    remove_orphans(city.database, config, later)
    assert (count(city), kept[0].exists()) == (0, False)
