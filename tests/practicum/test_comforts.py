"""Templates, the calendar's secret address and wishes for mail: one's own, and gone when erased."""

import pytest
from django.test import override_settings

from practicum import api
from practicum.api import SYSTEM, InvalidValue, MailWishes, NotFound
from practicum.models import CalendarFeed, EntryTemplate, MailPreference
from tests.practicum.school import School, id_of, make_school, person

pytestmark = pytest.mark.django_db

DAY = {"start": "9:00", "end": "13:30", "text": "Рафтове"}


@pytest.fixture
def school() -> School:
    return make_school()


def test_a_usual_day_is_kept_under_its_name_and_replaced_by_it(school: School) -> None:
    api.save_template(school.trainee, "Сутрин", DAY)
    api.save_template(school.trainee, "сутрин", {**DAY, "end": "12:00"})
    (only,) = api.templates(school.trainee)
    assert only.values["end"] == "12:00"
    assert only.name == "сутрин"
    assert api.templates(school.other_trainee) == []


def test_templates_are_sealed_and_end_at_a_number(school: School) -> None:
    for number in range(20):
        api.save_template(school.trainee, f"Day {number}", DAY)
    with pytest.raises(InvalidValue):
        api.save_template(school.trainee, "One more", DAY)
    row = EntryTemplate.objects.first()
    assert row is not None
    assert "Day" not in row.sealed_name + row.sealed_values


def test_nobody_deletes_anothers_template(school: School) -> None:
    template = api.save_template(school.trainee, "Morning", DAY)
    with pytest.raises(NotFound):
        api.delete_template(school.other_trainee, template)
    api.delete_template(school.trainee, template)
    assert api.templates(school.trainee) == []


def test_a_calendars_address_opens_it_until_another_is_made(school: School) -> None:
    first = api.open_feed(school.trainee)
    assert api.feed_token(school.trainee) == first
    assert api.feed_actor(first).person == school.trainee.person
    second = api.open_feed(school.trainee)
    with pytest.raises(NotFound):
        api.feed_actor(first)
    api.close_feed(school.trainee)
    with pytest.raises(NotFound):
        api.feed_actor(second)


@pytest.mark.parametrize("token", ["", "x", "0" * 32 + ".x", "." * 50])
def test_an_invented_address_opens_nothing(school: School, token: str) -> None:
    api.open_feed(school.trainee)
    with pytest.raises(NotFound):
        api.feed_actor(token)


def test_an_altered_address_opens_nothing_and_a_rotated_key_keeps_it(school: School) -> None:
    token = api.open_feed(school.trainee)
    with pytest.raises(NotFound):
        api.feed_actor(token[:-1] + ("A" if token[-1] != "A" else "B"))
    with (
        override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["x"]),
        pytest.raises(NotFound),
    ):
        api.feed_actor(token)


def test_wishes_for_mail_are_kept_and_only_languages_of_the_school_are_taken(
    school: School,
) -> None:
    assert api.mail_wishes(school.mentor) == MailWishes()
    api.wish_mail(school.mentor, MailWishes("en", wants_reminders=False))
    assert api.mail_wishes(school.mentor) == MailWishes("en", wants_reminders=False)
    with pytest.raises(InvalidValue):
        api.wish_mail(school.mentor, MailWishes("xx"))


def test_erasing_somebody_takes_their_comforts(school: School) -> None:
    fern = person("Fern")
    api.save_template(fern, "Morning", DAY)
    api.open_feed(fern)
    api.wish_mail(fern, MailWishes("en"))
    api.erase_person(SYSTEM, id_of(fern))
    for model in (EntryTemplate, CalendarFeed, MailPreference):
        assert not model._default_manager.exists(), model


def test_reading_comforts_of_nobody_is_harmless() -> None:
    assert api.templates(SYSTEM) == []
    assert api.feed_token(SYSTEM) == ""
    assert api.mail_wishes(SYSTEM) == MailWishes()
