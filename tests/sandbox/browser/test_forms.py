"""What a form sends, and where."""

import pytest

from sandbox.browser.controls import (
    NoSuchChoiceError,
    change,
    default_button,
    form_of,
    tick,
    value_of,
)
from sandbox.browser.forms import IncompleteFormError, Sending, leaves_by_itself, submission
from sandbox.browser.markup import parse

HERE = "http://localhost:7001/page?x=1"

FORM = """
<form method="post" action="/go" id="f">
<input type="hidden" name="csrf" value="t&eacute;">
<input name="name" value="Claire">
<input name="off" value="never" disabled>
<input value="nameless">
<input type="checkbox" name="news" value="yes" checked>
<input type="checkbox" name="ads">
<input type="radio" name="sex" value="f" checked><input type="radio" name="sex" value="m">
<select name="town"><option value="69">Lyon<option selected>Paris</select>
<textarea name="note">two
lines</textarea>
<button type="button" name="js" value="1">Nothing</button>
<button name="do" value="send">Send</button>
<button name="do" value="drop" formaction="/drop" formmethod="get">Drop</button>
</form>
<input name="far" value="away" form="f">
<input name="alone" value="lost">
"""

PLAIN = b"csrf=t%C3%A9&name=Claire&news=yes&sex=f&town=Paris&note=two%0Alines&far=away"


@pytest.fixture
def root():
    return parse(FORM)


@pytest.fixture
def form(root):
    return root.all("form")[0]


def button(root, text):
    return next(b for b in root.all("button") if b.text == text)


def test_only_successful_controls_are_sent(form):
    """Neither disabled, nor nameless, nor unticked, nor foreign controls; no button was pressed."""
    assert submission(HERE, form, None) == Sending("POST", "http://localhost:7001/go", PLAIN)


def test_the_pressed_button_says_what_it_does(root, form):
    """Of two buttons of one name, the pressed one is sent."""
    assert submission(HERE, form, button(root, "Send")).body == PLAIN + b"&do=send"


def test_a_button_may_send_elsewhere_and_otherwise(root, form):
    """`formaction` and `formmethod` win over the form."""
    sending = submission(HERE, form, button(root, "Drop"))

    assert sending.method == "GET"
    assert sending.url == f"http://localhost:7001/drop?{PLAIN.decode()}&do=drop"
    assert sending.body == b""


def test_what_a_person_changed_is_sent(form):
    """Text, choices and boxes as they stand when the button is pressed."""
    changes = {"name": "Zoé", "news": False, "ads": True, "sex": "m", "town": "69", "note": ""}
    for name, value in changes.items():
        change(form, name, value)

    assert submission(HERE, form, None).body == (
        b"csrf=t%C3%A9&name=Zo%C3%A9&ads=on&sex=m&town=69&note=&far=away"
    )


def test_of_boxes_with_one_name_the_named_one_is_ticked():
    """Several boxes may share a name; each has its value."""
    form = parse(
        "<form><input type=checkbox name=c value=a checked>"
        "<input type=checkbox name=c value=b></form>"
    ).all("form")[0]
    change(form, "c", "b")

    assert submission(HERE, form, None).url.endswith("?c=b")


def test_ticking_a_radio_button_unticks_its_neighbour(root, form):
    """One of them at a time."""
    tick(next(e for e in root.all("input") if e.get("value") == "m"), on=True)

    assert b"sex=m" in submission(HERE, form, None).body
    assert b"sex=f" not in submission(HERE, form, None).body


def test_a_choice_that_the_list_does_not_offer_is_refused(form):
    """A person cannot choose what is not there."""
    with pytest.raises(NoSuchChoiceError, match=r"'13' is not in 'town': \['69', 'Paris'\]"):
        change(form, "town", "13")


@pytest.mark.parametrize(
    ("action", "target"),
    [
        ("", HERE),
        ('action=""', HERE),
        ('action="next"', "http://localhost:7001/next"),
        ('action="https://bank.example/in"', "https://bank.example/in"),
    ],
)
def test_a_form_goes_where_its_action_says(action, target):
    """Without an action, a form returns to its page."""
    root = parse(f'<form method="post" {action}></form>')

    assert submission(HERE, root.all("form")[0], None).url == target


def test_a_get_form_replaces_the_query_of_its_page():
    """The parameters of the page do not stay beside those of the form."""
    root = parse('<form><input name="q" value="a b"></form>')

    assert submission(HERE, root.all("form")[0], None).url == "http://localhost:7001/page?q=a+b"


@pytest.mark.parametrize(
    "control",
    ['<input name="x" required>', '<input type="checkbox" name="x" required>'],
)
def test_an_empty_required_control_keeps_the_form_back(control):
    """The browser refuses before the server does."""
    form = parse(f"<form>{control}</form>").all("form")[0]

    with pytest.raises(IncompleteFormError, match="'x' must be filled"):
        submission(HERE, form, None)
    change(form, "x", "on")
    assert submission(HERE, form, None).url.endswith("?x=on")


@pytest.mark.parametrize(
    "html",
    [
        '<form novalidate><input name="x" required><button>Go</button></form>',
        '<form><input name="x" required><button formnovalidate>Go</button></form>',
    ],
)
def test_a_form_may_leave_the_checking_to_the_server(html):
    """`novalidate` and `formnovalidate` send the empty control."""
    root = parse(html)

    assert submission(HERE, root.all("form")[0], root.all("button")[0]).url.endswith("?x=")


def test_the_enter_key_presses_the_first_button_that_submits(root, form):
    """A button for scripts is not pressed."""
    assert default_button(form) is button(root, "Send")
    assert default_button(parse("<form></form>").all("form")[0]) is None


def test_a_control_finds_its_form_by_name_or_by_place(root, form):
    """A control outside names the form it belongs to; one that names none has none."""
    far, alone = (
        next(e for e in root.all("input") if e.get("name") == n) for n in ("far", "alone")
    )

    assert form_of(root, far) is form
    assert form_of(root, button(root, "Send")) is form
    assert form_of(root, form) is form
    assert form_of(root, alone) is None


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ('<input value="a">', "a"),
        ("<input>", ""),
        ('<input type="checkbox">', "on"),
        ("<textarea>a\nb</textarea>", "a\nb"),
        ("<select><option>a<option selected>b</select>", "b"),
        ('<select><option value="1">a</select>', "1"),
        ("<select></select>", ""),
    ],
)
def test_a_control_holds_its_value(html, value):
    """As the page came, before anybody writes."""
    assert value_of(parse(html).children[0]) == value


RESPONSE = '<form method="post" action="{}"><input type="hidden" name="code" value="c">{}</form>'


@pytest.mark.parametrize(
    ("html", "leaves"),
    [
        (RESPONSE.format("http://localhost:7002/callback", ""), True),
        (RESPONSE.format("http://localhost:7002/callback", "<button>Go on</button>"), True),
        (RESPONSE.format("/callback", ""), False),
        (RESPONSE.format("http://localhost:7002/callback", '<input name="pin">'), False),
        (RESPONSE.format("http://localhost:7002/callback", "").replace("post", "get"), False),
        ('<form method="post" action="http://localhost:7002/"><button>Go</button></form>', False),
        (2 * RESPONSE.format("http://localhost:7002/callback", ""), False),
        ("<p>no form</p>", False),
    ],
)
def test_only_an_answer_in_form_post_mode_leaves_by_itself(html, leaves):
    """A page with a choice to make stays; one that only carries hidden fields elsewhere goes."""
    sending = leaves_by_itself(HERE, parse(html))

    assert (sending is not None) is leaves
    if sending:
        assert sending == Sending("POST", "http://localhost:7002/callback", b"code=c")
