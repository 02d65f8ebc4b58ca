import check_formulas
import pytest

RENDERED = '<span class="math notranslate nohighlight"><mjx-container class="MathJax"></mjx-container></span>'


@pytest.mark.parametrize("dom", [RENDERED, f"<div>{RENDERED * 3}</div>", "<p>no formula</p>"])
def test_nothing_to_complain_about(dom):
    assert check_formulas.complaint(dom) is None


@pytest.mark.parametrize(
    ("dom", "message"),
    [
        (r'<span class="math notranslate">\(x\)</span>', "1 of 1 formulas are not rendered"),
        (RENDERED + r'<div class="math notranslate">\[x\]</div>', "1 of 2 formulas are not rendered"),
        (
            '<div class="math"><mjx-container><mjx-merror></mjx-merror></mjx-container></div>',
            "1 formulas hold an error",
        ),
        (
            '<div class="math"><mjx-container><mjx-mtext style="color: red;"></mjx-mtext></mjx-container></div>',
            "1 formulas hold an error",
        ),
    ],
)
def test_a_fault_is_named(dom, message):
    assert check_formulas.complaint(dom) == message
