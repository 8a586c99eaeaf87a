"""Pages in another language: found without marks, put in without a cost, never a word of data."""

import ast
import datetime as dt
import re
from html.parser import HTMLParser

import jinja2
import polib
import pytest
from click.testing import CliRunner

from onesystem.cli import root
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import amid, begun, listed, say, say_counted, say_date, say_each
from onesystem.vocabulary.wording import all_of, any_of, counted
from onesystem.web.language.catalogue import POT, Catalogue
from onesystem.web.language.environment import InLanguage, speaking
from onesystem.web.language.extracting import Found, messages
from onesystem.web.language.reading_python import told, wordy_classes
from onesystem.web.language.sentences import has_words
from onesystem.web.language.shown import Macros
from onesystem.web.language.translating import translated

HEAD = {
    "Content-Type": "text/plain; charset=UTF-8",
    # As Welsh counts: one, two, three, six, and the rest.
    "Plural-Forms": "nplurals=5; plural=(n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 0);",
}


class Pseudo(Catalogue):
    """A language in which every message stands in brackets."""

    def __init__(self):
        super().__init__("xx", None, 2)

    def message(self, text):
        words = has_words(re.sub(r"\{\w+\}", "", text)) and text != "1,234.5"
        return f"⟦{text}⟧" if words else None

    def plural(self, one, many):
        return [f"⟦{one}⟧", f"⟦{many}⟧"]

    def form(self, count):
        return 0 if count == 1 else 1


def po(path, *entries, head=HEAD):
    """A catalogue of (message, translation) and (one, many, forms)."""
    made = polib.POFile()
    made.metadata = head
    for entry in entries:
        if len(entry) == 2:
            made.append(polib.POEntry(msgid=entry[0], msgstr=entry[1]))
        else:
            one, many, forms = entry
            forms = dict(enumerate(forms))
            made.append(polib.POEntry(msgid=one, msgid_plural=many, msgstr_plural=forms))
    path.parent.mkdir(exist_ok=True)
    made.save(str(path))
    return path


@pytest.fixture
def page(tmp_path):
    """A page in English and in the language of a small catalogue."""

    def made(template, *entries, macros="", **context):
        files = {"page.html": template, "m.html": macros}
        options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
        env = jinja2.Environment(loader=jinja2.DictLoader(files), **options)
        env.filters["plural"] = lambda n, one, many="": f"{n} {one if n == 1 else many}"
        for name in ("ago", "age", "length_of", "local", "day", "number", "percent"):
            env.filters[name] = str
        spoken = speaking(env, Catalogue.read(po(tmp_path / "xx.po", *entries)))
        english = env.get_template("page.html").render(context)
        return english, spoken.get_template("page.html").render(context)

    return made


def found_in(template, macros=""):
    """The messages of a template."""
    loader = jinja2.DictLoader({"page.html": template, "m.html": macros})
    env, found = jinja2.Environment(loader=loader, autoescape=True), Found()
    env.filters["plural"] = env.filters["ago"] = str
    macros = Macros(env)
    translated(macros.parsed("page.html"), found, macros)
    return set(found.where), found.many


def test_a_sentence_is_one_message_with_its_links_and_its_values_in_it():
    page = """<p class="x">Ask <a href="{{ url }}" class="y">the <b>ward</b></a> by
      {{ day.strftime("%A") }}{% if late %}, it is late{% endif %}.</p>"""
    assert found_in(page)[0] == {
        "Ask <a>the <b>ward</b></a> by {day}{if_late}.",
        ", it is late",
    }


def test_links_beside_each_other_are_messages_of_their_own():
    page = '<p><a href="a">One way</a> <a href="b">{{ n }}</a> · <span>Another</span></p>'
    assert found_in(page)[0] == {"One way", "Another"}
    page = "<p><strong>{{ n }}</strong> <span>of {{ all }} beds</span></p>"
    assert found_in(page)[0] == {"<strong>{n}</strong> <span>of {all} beds</span>"}


def test_what_nobody_reads_is_no_message():
    page = """<p class="wide {{ 'not read' if x }}" title="Read this"><code>onesystem doctor</code>
      <input name="not read" value="not read" aria-label="And this"></p><script>not.read()</script>
      {{ items|selectattr("not read") }}{% if x == "not read" %}{{ "seen" if x else y }}{% endif %}
      <!-- not read --><span aria-hidden="true">■</span> {{ n }} %"""
    assert found_in(page)[0] == {"Read this", "And this", "seen"}


def test_an_english_plural_is_a_message_with_forms():
    words, many = found_in('<p>{{ n }} {{ "plan is" if n == 1 else "plans are" }} ready</p>')
    assert many == {"{n} plan is ready": "{n} plans are ready"}
    assert words == {"{n} plan is ready"}


def test_a_macro_shows_some_of_its_arguments_and_uses_the_others():
    macros = """{% macro tag(text, kind, rows=[], more="More of it") %}
      <b class="{{ kind }}">{{ text }}{{ more }}</b>
      {% for key, words in rows %}<i id="{{ key }}">{{ words }}</i>{% endfor %}
      {% if kind == "bad" %}!{% endif %}{% endmacro %}"""
    page = """{% import "m.html" as ui %}{{ ui.tag("Late" if x else "In time", "a kind",
      [("a key", "Some words")]) }}"""
    assert found_in(page, macros)[0] == {"Late", "In time", "Some words"}
    assert found_in(macros)[0] == {"More of it"}


def test_a_translation_moves_places_and_tags_about(page):
    template = '<p>Ask <a href="/w" title="Go">{{ ward }}</a> today.</p>'
    message = "Ask <a>{ward}</a> today."
    english, spoken = page(template, (message, "Heddiw: <a>{ward}</a>!"), ward="B & C")
    assert english == '<p>Ask <a href="/w" title="Go">B &amp; C</a> today.</p>'
    assert spoken == '<p>Heddiw: <a href="/w" title="Go">B &amp; C</a>!</p>'


@pytest.mark.parametrize(
    "said", ["{nobody} asks", "<a>{ward}", "</a>{ward}<a>"], ids=["place", "open", "turned"]
)
def test_a_translation_that_does_not_fit_is_not_shown(page, said):
    english, spoken = page("<p>Ask <a>{{ ward }}</a></p>", ("Ask <a>{ward}</a>", said), ward="B")
    assert spoken == english


def test_a_catalogue_cannot_mark_anything_up(page):
    bad = '<script>x</script>" onclick="x'
    _, spoken = page('<p title="Hello">Hello</p>{{ "Hello" }}', ("Hello", bad))
    assert "<script" not in spoken
    assert spoken.count("&lt;script&gt;") == 3
    assert 'title="&lt;script&gt;x&lt;/script&gt;&quot; onclick=&quot;x"' in spoken


@pytest.mark.parametrize(("n", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (6, 4), (7, 0), (11, 0)])
def test_every_count_has_the_form_of_its_language(page, n, form):
    template = "<p>{{ n }} {{ 'bed' if n == 1 else 'beds' }}, {{ n|plural('bed') }}</p>"
    forms = [f"{{n}} gwely{i}" for i in range(5)]
    message = ("{n} bed, {n2}", "{n} beds, {n2}", [f"{f}, {{n2}}" for f in forms])
    _, spoken = page(template, message, ("{n} bed", "{n} beds", forms), n=n)
    assert spoken == f"<p>{n} gwely{form}, {n} gwely{form}</p>"


def test_dates_and_numbers_are_written_as_the_language_does(page):
    template = '{{ d.strftime("%A %-d May %b") }} {{ "{:,.1f}".format(n) }}'
    _, spoken = page(
        template, ("Monday", "Llun"), ("May", "Mai"), ("1,234.5", "1.234,5"),
        d=dt.date(2026, 5, 4), n=1234.5,
    )  # fmt: skip
    assert spoken == "Llun 4 Mai Mai 1.234,5"


def test_words_of_a_record_are_never_translated_whatever_they_say(page):
    entry = {"note": "Left", "label": "Left"}
    template = "<p>{{ e.note }}</p><p>{{ e.label }} {{ e['note'] }}</p><p>Left</p>"
    _, spoken = page(template, ("Left", "Gadawodd"), e=entry)
    assert spoken == "<p>Left</p><p>Left Left</p><p>Gadawodd</p>"


def test_what_python_says_is_said_anew_with_what_was_filled_in(page):
    told = say("Rows {first} to {last}", first=1, last=say("the end"))
    assert told == "Rows 1 to the end"
    rows = ("Rows {first} to {last}", "O {first} i {last}")
    english, spoken = page("{{ told }}", rows, ("the end", "y diwedd"), told=told)
    assert (english, spoken) == ("Rows 1 to the end", "O 1 i y diwedd")


def test_a_count_that_python_says_has_the_form_of_its_language(page):
    forms = [f"{{n}} gwely{i}" for i in range(5)]
    beds = ("{n} bed", "{n} beds", forms)
    _, spoken = page("{{ beds }}", beds, beds=counted(2, "bed"))
    assert spoken == "2 gwely2"
    free = ("{n} bed is free in {ward}", "{n} beds are free in {ward}", [f + "!" for f in forms])
    words = say_counted("{n} bed is free in {ward}", "{n} beds are free in {ward}", 1, ward="A")
    assert page("{{ words }}", free, words=words) == ("1 bed is free in A", "1 gwely1!")
    assert page("{{ words }}", words=words)[1] == "1 bed is free in A"


def test_dates_lists_and_beginnings_that_python_says_are_said_anew(page):
    said = begun(listed([say("late"), say_date(dt.date(2026, 5, 4), "%-d %B")], "; "))
    words = (("late", "hwyr"), ("May", "Mai"))
    assert page("{{ said }}", *words, said=said) == ("Late; 4 May", "Hwyr; 4 Mai")
    some = [amid(say("Late")), say("done"), "Ward 3"]
    words = (("Late", "Hwyr"), ("done", "gorffen"), ("{some} and {last}", "{some} a {last}"))
    assert page("{{ said }}", *words, said=all_of(some)) == (
        "late, done and Ward 3", "hwyr, gorffen a Ward 3",
    )  # fmt: skip
    assert page("{{ said }}", *words, said=any_of(some))[1] == "hwyr, gorffen or Ward 3"
    assert (all_of([]), any_of(["A"]), amid("ED")) == ("", "A", "ED")


def test_what_an_error_says_is_a_message_without_a_mark(page):
    error = NotFound(say("there is no ward {ward}", ward="X"), "Choose one of the list.")
    words = (("there is no ward {ward}", "dim ward {ward}"), ("Choose one of the list.", "Dewis."))
    english, spoken = page("{{ e }} {{ text }} {{ e.cure }}", *words, e=error, text=str(error))
    assert english.startswith("there is no ward X. Choose one of the list. ")
    assert spoken == "dim ward X. Dewis. dim ward X. Dewis. Dewis."


def test_messages_of_python_are_found_where_they_are_said():
    source = """
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_counted, say_each
from onesystem.vocabulary.wording import counted
class NoWard(UserError): pass
STATES = say_each({"open": "Open"})
say("One" if x else "Two", n=counted(2, "bed")), say_counted("{n} is", "{n} are", 3)
raise NoWard("there is no ward", "Choose one.")
other.say("not a message of ours")
"""
    tree = ast.parse(source)
    found = {
        ("Open", ""), ("One", ""), ("Two", ""), ("{n} bed", "{n} beds"), ("{n} is", "{n} are"),
        ("there is no ward", ""), ("Choose one.", ""),
    }  # fmt: skip
    assert set(told(tree, wordy_classes([tree]))) == found


def test_a_table_of_words_is_a_table_of_messages():
    states = say_each({"open": "Open"})
    assert states == {"open": "Open"}
    assert states["open"].message == "Open"


def test_a_catalogue_that_cannot_be_read_says_why(tmp_path):
    from onesystem.vocabulary import BadConfig

    with pytest.raises(BadConfig, match="Plural-Forms"):
        Catalogue.read(po(tmp_path / "xx.po", ("a", "b"), head={"Language": "xx"}))


@pytest.fixture(scope="module")
def env():
    """The environment of the product's pages."""
    from django.template import engines

    return engines["jinja2"].env


def test_the_catalogue_of_messages_is_up_to_date(env):
    """Where it is not: make messages"""
    found = messages(env)
    now = {f'msgid "{polib.escape(text)}"' for text in found.where}
    now |= {f'msgid_plural "{polib.escape(text)}"' for text in found.many.values()}
    kept = {each for each in POT.read_text(encoding="utf-8").splitlines() if each[:5] == "msgid"}
    assert (now - kept, kept - now) == (set(), {'msgid ""'})


class Visible(HTMLParser):
    """The text of a page that people read."""

    def __init__(self):
        super().__init__()
        self.text, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in {"script", "style", "svg"}
        self.text += [v for k, v in attrs if k in {"aria-label", "title", "placeholder"}]

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style", "svg"}

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


def shares(html):
    """Letters that come from the catalogue, and letters that do not."""
    page = Visible()
    page.feed(html)
    depth, said, other = 0, 0, 0
    for letter in "".join(page.text):
        depth += {"⟦": 1, "⟧": -1}.get(letter, 0)
        said += depth > 0 and letter.isalpha()
        other += depth == 0 and letter.isalpha()
    assert depth == 0
    return said, other


PAGES = {
    "manager": ("/", "/measures/", "/opportunities/", "/twin/", "/journeys/"),
    "finance": ("/budget/", "/contracts/", "/pooled/"),
    "general-practitioner": ("/people/", "/requests/", "/tasks/"),
    "planner": ("/plan/", "/plan/money/"),
    "privacy-officer": ("/privacy/",),
}


def test_three_quarters_of_what_pages_show_come_from_the_catalogue(sign_in, monkeypatch, env):
    """What is left is data, such as names of services and of measures, and examples in forms."""
    from onesystem.web.language import backend, choosing

    assert choosing.environment_of is backend.environment_of
    spoken = speaking(env, Pseudo())
    monkeypatch.setattr(backend, "environment_of", lambda *_: spoken)
    backend.SPOKEN.set("xx")
    said = other = 0
    seen = []
    for role, addresses in PAGES.items():
        client = sign_in(role)
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert '<html lang="xx"' in answer.content.decode()
            here = shares(answer.content.decode())
            seen.append((address, here))
            said, other = said + here[0], other + here[1]
    backend.SPOKEN.set("")
    assert said / (said + other) > 0.75, seen


@pytest.fixture
def welsh(district):
    """The district offers Welsh, with a catalogue of two messages."""
    file = district.path / "district.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[district]", '[district]\nlanguages = ["cy", "mi"]', 1))
    po(district.path / "languages" / "cy.po", ("Sign in", "Mewngofnodi"), ("English", "Cymraeg"))
    return district


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [
        ("", "", "en-GB"),
        ("", "cy-GB,cy;q=0.9,en;q=0.8", "cy"),
        ("", "en,cy;q=0.9", "en-GB"),
        ("", "fr,cy;q=0.2", "cy"),
        ("", "mi", "en-GB"),  # enabled, and without a catalogue
        ("en", "cy", "en-GB"),
        ("cy", "en", "cy"),
        ("fr", "", "en-GB"),
        ("", "x;q=y,;;,cy;q=0", "en-GB"),
    ],
)
def test_a_language_is_chosen_or_asked_for_by_the_browser(
    welsh, db, client, cookie, header, language
):
    if cookie:
        client.cookies["language"] = cookie
    page = client.get("/account/login/", headers={"accept-language": header})
    assert f'<html lang="{language}"' in page.content.decode()
    assert ("Mewngofnodi" in page.content.decode()) == (language == "cy")
    assert "Accept-Language" in page["Vary"]


def test_somebody_chooses_a_language_and_comes_back_to_where_they_were(welsh, db, client):
    assert "Cymraeg" in client.get("/account/login/").content.decode()
    answer = client.post("/account/language/", {"language": "cy", "to": "/account/login/?next=/"})
    assert answer["Location"] == "/account/login/?next=/"
    assert "Mewngofnodi" in client.get("/account/login/").content.decode()
    away = client.post("/account/language/", {"language": "fr", "to": "https://elsewhere.example/"})
    assert (away["Location"], "language" in away.cookies) == ("/", False)


def test_a_catalogue_without_words_leaves_every_byte_as_it_is(welsh, sign_in, stop_clock):
    stop_clock(dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC))
    po(welsh.path / "languages" / "mi.po")
    client = sign_in("administrator")
    for address in ("/settings/", "/feeds/"):
        client.cookies["language"] = "en"
        english = client.get(address).content
        client.cookies["language"] = "mi"
        token = re.compile(
            rb'[A-Za-z0-9]{64}|nonce="[^"]+"|data-(?:now|until)="[^"]+"|lang="(mi|en-GB)"'
        )
        assert token.sub(b"", client.get(address).content) == token.sub(b"", english)


def test_without_languages_a_page_offers_none_and_varies_by_none(db, client, district):
    page = client.get("/account/login/", headers={"accept-language": "cy"})
    assert '<html lang="en-GB"' in page.content.decode()
    assert "/account/language/" not in page.content.decode()
    assert "Accept-Language" not in page["Vary"]


def test_a_catalogue_is_begun_kept_and_checked_from_the_command_line(welsh, db):
    def run(*words):
        return CliRunner().invoke(root, ["-d", str(welsh.path), "language", *words])

    file = welsh.path / "languages" / "cy.po"
    assert run("renew", "cy").exit_code == 0
    kept = polib.pofile(str(file), encoding="utf-8")
    assert kept.find("Sign in").msgstr == "Mewngofnodi"
    assert len(kept) > 5000
    kept.find("{n} person").msgstr_plural = dict.fromkeys(range(5), "{m} person")
    kept.save()
    checked = run("check", str(file))
    assert checked.exit_code == 1
    assert "has no {m}" in checked.output


def test_the_environment_of_a_language_is_made_once_until_its_file_is_written(welsh, env):
    from onesystem.web.language.backend import environment_of

    first = environment_of(env, "cy")
    assert isinstance(first, InLanguage)
    assert environment_of(env, "cy") is first
    assert environment_of(env, "mi") is None
