"""What is looked for is found where it is: pages made to be at fault."""

import pytest
from seen import broken


@pytest.fixture
def shown(tmp_path, visit):
    def show(body):
        (tmp_path / "x.html").write_text(f"<!doctype html><html><body><main>{body}</main></body></html>")
        return visit(tmp_path / "x.html")

    return show


def test_a_formula_that_nothing_rendered(shown):
    seen = shown('<span class="math">x</span><mjx-container><mjx-merror></mjx-merror></mjx-container>').look()
    assert (seen["formulas"], seen["rendered"], seen["errors"]) == (1, 1, 1)


def test_an_unknown_command_is_red_text(shown):
    assert shown('<mjx-mtext style="color: red">x</mjx-mtext>').look()["errors"] == 1


def test_a_picture_that_does_not_load(shown):
    assert shown('<img src="none.png" alt="x">').look()["images"] == [["none.png", "x", 0]]


@pytest.mark.parametrize(
    "element",
    ['<img alt="" src="https://a.invalid/x.png">', "<script>fetch('https://a.invalid/x').catch(() => {})</script>"],
)
def test_a_request_to_another_host(shown, element):
    visited = shown(element)
    visited.page.wait_for_timeout(200)
    assert [address.partition("//")[2][:9] for address in visited.elsewhere] == ["a.invalid"]


@pytest.mark.parametrize("script", ["throw new Error('x')", "console.error('x')"])
def test_an_error_of_a_script(shown, script):
    assert "x" in shown(f"<script>{script}</script>").errors[0]


def test_a_table_wider_than_a_phone(shown):
    assert len(shown('<table style="width: 900px"><tr><td>x</td></tr></table>').wider_than(400)) > 0
    assert shown('<div style="overflow-x: auto"><p style="width: 900px">x</p></div>').wider_than(400) == []


def test_a_link_that_leads_nowhere(tmp_path):
    (tmp_path / "a.html").write_text('<h1 id="here">x</h1>')
    page = (tmp_path / "a.html").as_uri()
    assert broken(page) is None and broken(f"{page}#here") is None and broken(f"{page}#experiment=x") is None
    assert broken(f"{page}#there") == "no such place in the page"
    assert broken((tmp_path / "b.html").as_uri()) == "no such file"
    assert broken("https://a.org/x") is None
