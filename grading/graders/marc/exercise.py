"""The author's side: keys read from JSON, checked, and given their weights and policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from grading.data import InvalidExercise
from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.compare.text import Value
from grading.graders.compare.values import POLICIES, ModelValue
from grading.graders.marc.fields import MOST_FIELDS, Field, Reader, group_codes, is_control
from grading.graders.marc.fixed import clean
from grading.graders.marc.keys import Key, KeyField, KeySubfield, Settings, Variant
from grading.graders.marc.positions import MATERIALS, Position, get_positions, material_of
from grading.graders.marc.profiles import PROFILES, PUNCTUATION, Profile, get_profile

MOST_KEYS = 6
MOST_FIELDS_OF_KEYS = 150
MOST_EFFORT = 2_500
"""What all keys together may cost to compare with one field (1: one text)."""
MOST_IN_GROUP = 30
MOST_ALTERNATIVES = 12
HEAVIEST = 1_000.0

TOO_MANY_FIELDS = _("All keys together have too many fields; the most is %(most)s.")
TOO_DEAR = _("The keys accept too many values to be compared at once.")
SHORT_LIST = _("A list of up to %(most)s entries is expected here.")
OTHER_GROUP = _("This field cannot stand in place of the other: the two are never compared.")
SUBFIELD = _("A subfield is [code, value] or [code, value, options].")
INDICATORS = _("A list of pairs of indicators is expected here.")
REPEATED = _("This field repeats %(first)s.")
SMALL_POOL = _("The pool has too few fields; the least is %(least)s.")
LARGE_GROUP = _("Too many fields belong together (%(group)s): %(size)s; the most is %(most)s.")


def read_keys(exercise: Any) -> list[Key]:
    """Return the keys of an exercise: ``{"keys": [KEY, …]}`` or one KEY.

    Raises InvalidExercise naming the place of the fault, such as ``keys[0].fields[3].sub[1]``.
    """
    if not isinstance(exercise, Mapping):
        raise InvalidExercise(_("An exercise is an object with keys."))
    if "keys" not in exercise:
        return _read_all([_KeyReader(exercise, "")])
    keys = exercise["keys"]
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:
        raise InvalidExercise(_("From one to %(most)s keys are expected."), "keys", most=MOST_KEYS)
    return _read_all([_KeyReader(key, f"keys[{i}].") for i, key in enumerate(keys)])


def _read_all(readers: list[_KeyReader]) -> list[Key]:
    """Read the keys, refusing what would take too long to compare."""
    if sum(reader.size for reader in readers) > MOST_FIELDS_OF_KEYS:
        raise InvalidExercise(TOO_MANY_FIELDS, "keys", most=MOST_FIELDS_OF_KEYS)
    read = [reader.read() for reader in readers]
    if sum(f.effort for key in read for f in key.fields) > MOST_EFFORT:
        raise InvalidExercise(TOO_DEAR, "keys")
    return read


class _KeyReader:
    """Reads one key; ``prefix`` is its path."""

    def __init__(self, raw: Any, prefix: str) -> None:
        if not isinstance(raw, Mapping):
            raise InvalidExercise(_("A key is an object."), prefix.rstrip("."))
        self.raw = raw
        self.prefix = prefix
        self.profile = self._read_profile()
        self.reader = Reader(self.profile, InvalidExercise)
        self.weights = dict(self.profile.weights)
        self.material = "books"

    @property
    def size(self) -> int:
        """The number of fields, before they are read."""
        raw = self.raw.get("fields")
        return len(raw) if isinstance(raw, list) else 0

    def fail(self, template: str, where: str, **params: Any) -> InvalidExercise:
        """Return an error at ``where`` in this key; ``template`` is marked for translation."""
        return InvalidExercise(template, self.prefix + where, **params)

    def read(self) -> Key:
        """Return the key; raises InvalidExercise."""
        raw_fields = self.raw.get("fields")
        if not isinstance(raw_fields, list) or not raw_fields:
            raise self.fail(_("A key needs a list of fields."), "fields")
        if len(raw_fields) > MOST_FIELDS:
            raise self.fail(faults.TOO_MANY, "fields", most=MOST_FIELDS)
        settings = self._read_settings()
        pools = self._read_pools()
        self.material = self._read_material(raw_fields)
        fields = []
        for i, raw in enumerate(raw_fields):
            read = self._read_field(raw, f"fields[{i}]", i, pools)
            if not self._is_ignored(read.tag):
                fields.append(read)
        self._check(fields, pools)
        punctuation = self.raw.get("punct", self.profile.punctuation)
        if punctuation not in PUNCTUATION:
            raise self.fail(faults.ONE_OF, "punct", choices=", ".join(PUNCTUATION))
        key = Key(
            profile=self.profile,
            punctuation=punctuation,
            fields=tuple(_level_pools(fields, pools)),
            pools=pools,
            forbidden=self._read_forbidden(),
            settings=settings,
            tags=frozenset().union(*(f.tags for f in fields)),
            language=_language(fields),
        )
        if key.possible <= 0:
            raise self.fail(_("No field is required, so nothing could be graded."), "fields")
        return key

    def _is_ignored(self, tag: str) -> bool:
        return tag in self.profile.ignored_tags

    def _read_profile(self) -> Profile:
        name = self.raw.get("profile") or self.raw.get("format") or PROFILES[0]
        if not isinstance(name, str) or name not in PROFILES:
            raise self.fail(faults.ONE_OF, "profile", choices=", ".join(PROFILES))
        return get_profile(name)

    def _read_settings(self) -> Settings:
        raw = self.raw.get("settings") or {}
        if not isinstance(raw, Mapping):
            raise self.fail(faults.OBJECT, "settings")
        known = {"false_heading", "extras_cap", "free_extras", "weights"}
        for name in raw:
            if name not in known:
                raise self.fail(faults.NO_SETTING, "settings", name=str(name)[:40])
        weights = raw.get("weights", {})
        if not isinstance(weights, Mapping):
            raise self.fail(faults.OBJECT, "settings.weights")
        for kind, weight in weights.items():
            where = f"settings.weights.{kind}"
            if kind not in self.weights:
                self.reader.read_tag(kind, self.prefix + where)
            self.weights[kind] = self._read_number(weight, where, HEAVIEST)
        free = raw.get("free_extras", self.raw.get("free_extras", 3))
        return Settings(
            false_heading=self._read_number(
                raw.get("false_heading", 0.2), "settings.false_heading", 1.0, least=0.0
            ),
            extras_cap=self._read_number(
                raw.get("extras_cap", 0.2), "settings.extras_cap", 1.0, least=0.0
            ),
            free_extras=self._read_count(free, "free_extras", least=0),
        )

    def _read_number(self, raw: Any, where: str, most: float, *, least: float = 1e-3) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not least <= raw <= most:
            raise self.fail(faults.NUMBER, where, least=f"{least:g}", most=f"{most:g}")
        return float(raw)

    def _read_count(self, raw: Any, where: str, *, least: int) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= MOST_FIELDS:
            raise self.fail(faults.WHOLE, where, least=least, most=MOST_FIELDS)
        return raw

    def _read_pools(self) -> dict[str, int]:
        raw = self.raw.get("pools") or {}
        if not isinstance(raw, Mapping):
            raise self.fail(_("Pools are an object of names and numbers."), "pools")
        return {
            str(name): self._read_count(number, f"pools.{name}", least=1)
            for name, number in raw.items()
        }

    def _read_forbidden(self) -> frozenset[str]:
        raw = self.raw.get("forbidden") or []
        if not isinstance(raw, list):
            raise self.fail(_("A list of tags is expected here."), "forbidden")
        return frozenset(
            self.reader.read_tag(tag, f"{self.prefix}forbidden[{i}]") for i, tag in enumerate(raw)
        )

    def _read_material(self, raw_fields: list[Any]) -> str:
        material = self.raw.get("material")
        if material is not None:
            if material not in MATERIALS:
                raise self.fail(faults.ONE_OF, "material", choices=", ".join(MATERIALS))
            return str(material)
        for raw in raw_fields:
            if isinstance(raw, Mapping) and raw.get("tag") in ("LDR", "LEADER", "000"):
                leader = raw.get("value")
                return material_of(leader) if isinstance(leader, str) else "books"
        return "books"

    def _read_field(self, raw: Any, where: str, index: int, pools: Mapping[str, int]) -> KeyField:
        model = self._read_variant(raw, where)
        others = raw.get("alt") or []
        if not isinstance(others, list) or len(others) > MOST_ALTERNATIVES:
            raise self.fail(SHORT_LIST, f"{where}.alt", most=MOST_ALTERNATIVES)
        variants = [model]
        group = self.profile.group(model.field.rules)
        for i, other in enumerate(others):
            variant = self._read_variant(other, f"{where}.alt[{i}]")
            if self.profile.group(variant.field.rules) != group:
                raise self.fail(OTHER_GROUP, f"{where}.alt[{i}]")
            variants.append(variant)
        pool = raw.get("pool") or ""
        if not isinstance(pool, str) or (pool and pool not in pools):
            raise self.fail(faults.NO_POOL, f"{where}.pool", pool=str(pool)[:40])
        optional = raw.get("optional", False)
        if not isinstance(optional, bool):
            raise self.fail(faults.FLAG, f"{where}.optional")
        if "w" in raw:
            weight = self._read_number(raw["w"], f"{where}.w", HEAVIEST)
        else:
            weight = self._default_weight(model.field)
        tags = frozenset(v.field.tag for v in variants)
        effort = sum(v.effort for v in variants)
        return KeyField(tuple(variants), tags, weight, optional, pool, index, effort)

    def _default_weight(self, read: Field) -> float:
        weight = self.weights.get(read.rules)
        if weight is None:
            weight = self.weights[self.profile.weight_class(read.rules)]
        return weight / 2 if read.tag != read.rules else weight

    def _read_variant(self, raw: Any, where: str) -> Variant:
        if not isinstance(raw, Mapping):
            raise self.fail(_("A field is an object with a tag."), where)
        here = self.prefix + where
        tag = self.reader.read_tag(raw.get("tag"), f"{here}.tag")
        if is_control(tag):
            return self._read_control(tag, raw, where)
        ind = self.reader.read_indicators(raw.get("ind"), f"{here}.ind")
        subfields = raw.get("sub")
        if not isinstance(subfields, list) or not subfields:
            raise self.fail(_("A field needs a list of subfields."), f"{where}.sub")
        rows = [self._read_subfield(s, f"{where}.sub[{i}]") for i, s in enumerate(subfields)]
        read = self.reader.build(tag, ind, [(c, v) for c, v, _ in rows], "", here)
        options = {id_of: opts for id_of, (_, _, opts) in zip(_places(rows), rows, strict=True)}
        kept = tuple(
            self._weigh_subfield(read, s.code, s.value, options[s.place], f"{where}.sub")
            for s in read.subfields
        )
        if not kept:
            raise self.fail(_("None of the subfields is graded."), f"{where}.sub")
        return Variant(read, self._read_ind_alt(raw, ind, where), kept, group_codes(kept))

    def _read_control(self, tag: str, raw: Mapping[Any, Any], where: str) -> Variant:
        here = f"{self.prefix}{where}.value"
        text = self.reader.read_text(raw.get("value"), here)
        read = self.reader.build(tag, "  ", (), text, self.prefix + where)
        positions = get_positions(self.profile.name, tag, material=self.material, value=read.text)
        self._check_fixed(read.text, positions, f"{where}.value")
        return Variant(read, (frozenset(), frozenset()), (), {}, positions)

    def _check_fixed(self, text: str, positions: tuple[Position, ...], where: str) -> None:
        if not text.strip(" |"):
            raise self.fail(faults.NOT_CODED, where)
        if positions and len(text) != positions[-1].end + 1:
            length = positions[-1].end + 1
            raise self.fail(faults.WRONG_LENGTH, where, length=length, given_length=len(text))

    def _read_subfield(self, raw: Any, where: str) -> tuple[str, str, Mapping[Any, Any]]:
        here = self.prefix + where
        if not isinstance(raw, list | tuple) or not 2 <= len(raw) <= 3:
            raise self.fail(SUBFIELD, where)
        options = raw[2] if len(raw) == 3 else {}
        if not isinstance(options, Mapping):
            raise self.fail(_("The options of a subfield are an object."), where)
        code = self.reader.read_code(raw[0], here)
        value = self.reader.read_text(raw[1], here)
        if not value.strip():
            raise self.fail(_("A subfield of a key needs a value."), where)
        return code, value, options

    def _weigh_subfield(
        self, read: Field, code: str, value: Value, options: Mapping[Any, Any], where: str
    ) -> KeySubfield:
        policy = options.get("policy") or self.profile.policy(read.rules, code)
        if policy not in POLICIES:
            raise self.fail(faults.ONE_OF, f"{where}.policy", choices=", ".join(POLICIES))
        weight = 4.0 if code == "a" else 2.0
        if "w" in options:
            weight = self._read_number(options["w"], f"{where}.w", HEAVIEST)
        positions: tuple[Position, ...] = ()
        if policy == "fixed":
            positions = get_positions(self.profile.name, read.rules)
            self._check_fixed(clean(value.raw), positions, where)
        model = ModelValue(
            value,
            policy,
            self._read_values(options.get("alt"), f"{where}.alt"),
            self._read_near(options.get("near"), f"{where}.near"),
        )
        return KeySubfield(code, model, weight, positions)

    def _read_values(self, raw: Any, where: str) -> tuple[Value, ...]:
        values = [raw] if isinstance(raw, str) else raw or []
        if not isinstance(values, list) or len(values) > MOST_ALTERNATIVES:
            raise self.fail(SHORT_LIST, where, most=MOST_ALTERNATIVES)
        return tuple(Value(self.reader.read_text(v, self.prefix + where)) for v in values)

    def _read_near(self, raw: Any, where: str) -> tuple[tuple[Value, float, str], ...]:
        rows = raw or []
        if not isinstance(rows, list) or len(rows) > MOST_ALTERNATIVES:
            raise self.fail(SHORT_LIST, where, most=MOST_ALTERNATIVES)
        result = []
        for i, row in enumerate(rows):
            here = f"{where}[{i}]"
            if not isinstance(row, list | tuple) or not 2 <= len(row) <= 3:
                raise self.fail(_("A near miss is [value, credit, reason]."), here)
            value = Value(self.reader.read_text(row[0], self.prefix + here))
            credit = self._read_number(row[1], here, 1.0, least=0.0)
            remark = self.reader.read_text(row[2], self.prefix + here) if len(row) == 3 else ""
            result.append((value, credit, remark))
        return tuple(result)

    def _read_ind_alt(
        self, raw: Mapping[Any, Any], ind: str, where: str
    ) -> tuple[frozenset[str], frozenset[str]]:
        others = raw.get("ind_alt") or []
        if isinstance(others, str):
            others = [others]
        if not isinstance(others, list) or len(others) > MOST_ALTERNATIVES:
            raise self.fail(INDICATORS, f"{where}.ind_alt")
        here = f"{self.prefix}{where}.ind_alt"
        pairs = [ind, *(self.reader.read_indicators(other, here) for other in others)]
        return frozenset(p[0] for p in pairs), frozenset(p[1] for p in pairs)

    def _check(self, fields: list[KeyField], pools: Mapping[str, int]) -> None:
        seen: dict[tuple[object, ...], int] = {}
        for read in fields:
            signature = read.variants[0].field.signature
            if signature in seen:
                raise self.fail(
                    REPEATED, f"fields[{read.number}]", first=f"fields[{seen[signature]}]"
                )
            seen[signature] = read.number
        for pool, number in pools.items():
            if sum(f.pool == pool for f in fields) < number:
                raise self.fail(SMALL_POOL, f"pools.{pool}", least=number)
        sizes = Counter(self.profile.group(f.variants[0].field.rules) for f in fields)
        for group, size in sizes.items():
            if size > MOST_IN_GROUP:
                raise self.fail(LARGE_GROUP, "fields", most=MOST_IN_GROUP, size=size, group=group)


def _places(rows: list[tuple[str, str, Mapping[Any, Any]]]) -> list[str]:
    counts: Counter[str] = Counter()
    places = []
    for code, _value, _options in rows:
        places.append(f"${code}[{counts[code]}]")
        counts[code] += 1
    return places


def _language(fields: list[KeyField]) -> str:
    """Return the code of the text's language, by 008/35-37 or 041 $a."""
    models = {read.tag: read.variants[0].field for read in reversed(fields)}
    if "008" in models:
        return models["008"].text[35:38]
    languages = models["041"].subfields if "041" in models else ()
    return next((s.value.text for s in languages if s.code == "a"), "")


def _level_pools(fields: list[KeyField], pools: Mapping[str, int]) -> list[KeyField]:
    """Give every field of a pool the weight of the heaviest, so that any choice may be perfect."""
    heaviest = {pool: max(f.weight for f in fields if f.pool == pool) for pool in pools}
    return [f._replace(weight=heaviest[f.pool]) if f.pool else f for f in fields]
