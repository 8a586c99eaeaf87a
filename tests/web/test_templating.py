"""What every page does to the words that it is given."""

from onesystem.web.templating import environment


def page(words, template="<p>{{ words }}</p>"):
    return environment().from_string(template).render(words=words)


def test_a_negative_amount_stays_with_its_sign_at_the_end_of_a_line():
    assert page("-£1,234.56") == "<p>\u2212\u2060£1,234.56</p>"
    assert page("a gain of (-$5) or -€7") == "<p>a gain of (\u2212\u2060$5) or \u2212\u2060€7</p>"


def test_what_stands_in_a_field_is_left_as_it_was_written():
    written = '<input value="{{ words }}"><textarea rows=2>{{ words }} and {{ words }}</textarea>'
    assert page("-£5", written) == written.replace("{{ words }}", "-£5")


def test_hyphens_that_are_no_sign_stay():
    assert page("fund-£ 5, 2-£3, -5, £-") == "<p>fund-£ 5, 2-£3, -5, £-</p>"
