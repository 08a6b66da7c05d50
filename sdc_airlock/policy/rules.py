"""The rules a profile may set: name, type, unit and meaning of each. A key that is not here is an error.

Ranges of suppressed counts are inclusive at both ends, because "below 10" and "10 or fewer" are confused too easily.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sdc_airlock.policy import _rule_values as values
from sdc_airlock.policy import patterns, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line a profile may hold.

    Attributes:
        words: What a value must look like, for messages and pages.
        unit: What the numbers count, "" where they count nothing.
        meaning: What the rule is for.
        validate: Gives the value as checks see it, or raises `PolicyError` without naming the place.
        added: Joins the value of a profile to that of `default`; None where the one replaces the other.
    """

    name: str
    words: str
    unit: str
    meaning: str
    validate: values.Validator
    added: Callable[[Any, Any], Any] | None = None


def _rule(name: str, validate: values.Validator, words: str, unit: str, meaning: str) -> Rule:
    return Rule(name=name, words=words, unit=unit, meaning=meaning, validate=validate)


_WHOLE, _SHARE, _KINDS = "whole number", "number from 0 to 1", "table of kind = whole number"

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        _rule("suppressed_counts", values.low_and_high, "[lowest, highest], inclusive", "people", "Counts that must not be shown."),
        _rule(
            "zero_counts",
            values.one_of("shown", "class_disclosure", "disclosive"),
            "shown, class_disclosure or disclosive",
            "",
            "Whether a zero may be shown: always; unless it says that a whole class is alike; never.",
        ),
        _rule(
            "hidden_range_share",
            values.share,
            _SHARE,
            "possible counts / suppressed counts",
            "More than this share of the suppressed range, or of the range its marker names, must stay possible for a hidden count.",
        ),
        _rule(
            "hidden_amount_share",
            values.share,
            _SHARE,
            "width of the interval / amount",
            "A hidden amount must stay unknown by at least this share of it.",
        ),
        _rule(
            "suppression_marker",
            values.marker,
            "a sign without a number",
            "",
            "What `protect` writes in place of a hidden number: one sign for small counts and for the cells that protect them.",
        ),
        _rule("rounding_base", values.whole, _WHOLE, "people", "Counts must be multiples of this; 0 where none is asked for."),
        _rule(
            "extreme_values",
            values.one_of("note", "groups", "review"),
            "note, groups or review",
            "",
            "Whether a minimum, a maximum or a range of a large group, or of one whose size is not told, goes with a note (note), is looked at where ends of three groups or more are listed (groups), or is looked at (review).",
        ),
        _rule(
            "dominance_nk",
            values.numbers_and_shares,
            "list of [number, share]",
            "contributors and share of the total",
            "The so many largest contributors may have at most this share of a total; each pair is a rule.",
        ),
        _rule(
            "dominance_p",
            values.share,
            _SHARE,
            "share of the largest",
            "All but the two largest contributors must have at least this share of the largest.",
        ),
        _rule(
            "dominance_q",
            values.positive_share,
            "number above 0, up to 1",
            "share",
            "How well contributions are known beforehand: 1 not at all, which makes the (p, q) rule the p % rule.",
        ),
        _rule(
            "survival_steps",
            values.one_of("suppressed", "shown"),
            "suppressed or shown",
            "",
            "Whether steps of a survival curve that only a suppressed number of people make are held, or go where the whole group is large enough.",
        ),
        _rule(
            "allele_counts",
            values.one_of("suppressed", "noted", "shown"),
            "suppressed, noted or shown",
            "",
            "Whether counts of alleles and genotypes of a variant that lie in the suppressed range, printed or implied, are held, go with a note, or go.",
        ),
        _rule(
            "single_carriers",
            values.one_of("counted", "executive"),
            "counted or executive",
            "",
            "Whether a variant with one carrier is a small count like others, or needs the word of an executive of the holder whatever else holds.",
        ),
        _rule(
            "component_scatter",
            values.whole,
            _WHOLE,
            "people",
            "From so many people on, a plot of components of ancestry with a mark a person goes with a note; 0 where none goes.",
        ),
        _rule(
            "large_cohort",
            values.whole,
            _WHOLE,
            "people",
            "From so many people on, counts of rare alleles that follow only roughly, from standard errors, are noted.",
        ),
        _rule(
            "sites_cohort",
            values.whole,
            _WHOLE,
            "people",
            "From so many people on, rare alleles in lists of sites, without results about any trait, are noted.",
        ),
        _rule(
            "membership_power",
            values.rising,
            "[noted, held, grave], from 0 to 1",
            "share of members found",
            "Above these shares of members that a test of membership finds, results are noted, held, and held as grave.",
        ),
        _rule(
            "membership_false_positives",
            values.false_positives,
            "number above 0, below 0.5",
            "share of others taken for members",
            "The rate of false positives at which a test of membership is judged.",
        ),
        _rule(
            "membership_reference",
            values.whole,
            _WHOLE,
            "people",
            "People in the sample from which frequencies of the same ancestry are known to everybody; 0 where they are taken as known exactly.",
        ),
        _rule(
            "phenotypes_per_person",
            values.two_ratios,
            "[amber, red]",
            "traits / people",
            "Above these ratios of traits to people, estimates of the same variants are held, and held as grave.",
        ),
        _rule(
            "residual_dof",
            values.whole,
            _WHOLE,
            "degrees of freedom",
            "Fewer residual degrees of freedom of a regression or test are held.",
        ),
        _rule("individual_doubt", values.share, _SHARE, "probability", "From here on a table is held as not understood."),
        _rule("individual_review", values.share, _SHARE, "probability", "From here on rows count as possibly one a person."),
        _rule("individual_certain", values.share, _SHARE, "probability", "From here on rows count as surely one a person."),
        _rule(
            "figures",
            values.one_of("release", "review"),
            "release or review",
            "",
            "Whether a figure with nothing hidden in it goes, or is looked at.",
        ),
        _rule("allowed_formats", values.labels, "list of format labels", "", "Formats an output may have; any other is held."),
        _rule("max_file_bytes", values.whole, _WHOLE, "bytes", "Largest output."),
        _rule("max_rows", values.whole, _WHOLE, "rows", "Longest table of any kind."),
        _rule("max_columns", values.whole, _WHOLE, "columns", "Widest table of any kind."),
        _rule("max_text_bytes", values.whole, _WHOLE, "bytes", "Longest text of any kind."),
        _rule("max_expanded_bytes", values.whole, _WHOLE, "bytes", "Largest output once its containers are written out."),
        _rule("max_files", values.whole, _WHOLE, "outputs", "Most outputs in one request."),
        _rule("max_request_bytes", values.whole, _WHOLE, "bytes", "Largest request, all its outputs together."),
        _rule("expected_bytes", values.by_kind, _KINDS, "bytes", "More than this is unusual for an output of the kind."),
        _rule("expected_rows", values.by_kind, _KINDS, "rows", "More than this is unusual for a table of the kind."),
        _rule("figure_bytes_per_pixel", values.whole, _WHOLE, "bytes", "More than this a pixel holds more than the picture."),
        _rule(
            "dense_text_share",
            values.share,
            _SHARE,
            "compressed size / size",
            "Text that compresses worse than this is neither language, code nor numbers.",
        ),
        _rule(
            "invisible_characters",
            values.whole,
            _WHOLE,
            "characters",
            "Up to so many characters without width in one text are taken for an accident.",
        ),
        Rule(
            name="participant_patterns",
            words="list of tables with name, pattern, holder, source, verified and alone",
            unit="",
            meaning="How ids of participants and samples are written; `alone` where that is so peculiar that it counts wherever it stands.",
            validate=patterns.validate,
            added=patterns.added,
        ),
        Rule(
            name="public_samples",
            words="list of tables with name, pattern, holder, source and verified",
            unit="",
            meaning="Names of cell lines, reference samples and public accessions, which name nobody who is protected here.",
            validate=patterns.validate,
            added=patterns.added,
        ),
        _rule(
            "withdrawn_list",
            values.one_of("optional", "required"),
            "optional or required",
            "",
            "Whether anything may be judged without a list of withdrawn participants.",
        ),
        _rule(
            "sandbox.required",
            values.protections,
            "list of protections",
            "",
            "Protections of the processes that read files; where one was not active, nothing is released.",
        ),
        _rule("hidden_cells", values.whole, _WHOLE, "cells", "Up to so many filled cells in one hidden place are noted; more are a table."),
        _rule("hidden_text", values.whole, _WHOLE, "characters", "Up to so much hidden text in one place is noted; more is held."),
        _rule(
            "hidden_asides",
            values.whole,
            _WHOLE,
            "characters",
            "Up to so long comments, properties and descriptions in one place are noted; longer ones are held.",
        ),
        _rule(
            "hidden_numbers", values.whole, _WHOLE, "numbers", "Up to so many numbers in hidden text of one place are noted; more are held."
        ),
        _rule(
            "page_scripts",
            values.one_of("release", "review"),
            "release or review",
            "",
            "Whether a page with ordinary scripts, as analysis reports have, goes or is looked at.",
        ),
        _rule(
            "page_references",
            values.one_of("release", "review"),
            "release or review",
            "",
            "Whether a page that fetches libraries or pictures from elsewhere goes or is looked at.",
        ),
        _rule(
            "score_variants", values.whole, _WHOLE, "variants", "Scores of more variants are not asked whether they have one genotype only."
        ),
        _rule(
            "score_weights",
            values.one_of("note", "review"),
            "note or review",
            "",
            "Whether weights so few and long that scores made with them can be decoded go with a note, or are looked at.",
        ),
        _rule(
            "score_difference",
            values.whole,
            _WHOLE,
            "people",
            "Two fits of the same effects by variant that differ by up to so many people are held.",
        ),
        _rule(
            "model_records",
            values.one_of("review", "refuse"),
            "review or refuse",
            "",
            "What becomes of a model that keeps training records as they are.",
        ),
        _rule("model_leaf_size", values.whole, _WHOLE, "people", "Leaves of trees must stand for at least so many."),
        _rule(
            "model_dof",
            values.whole,
            _WHOLE,
            "degrees of freedom",
            "Training records less learnt parameters; fewer are held against a model.",
        ),
        _rule("model_levels", values.whole, _WHOLE, "values", "An encoder that knows more distinct values may know single people by them."),
        _rule(
            "model_loss_ratio",
            values.share,
            _SHARE,
            "share",
            "Training loss below this share of the loss on data held back: learnt by heart.",
        ),
        _rule(
            "model_attack_auc",
            values.share,
            _SHARE,
            "area under a curve",
            "A mean above this, of attacks that tell members, speaks against a model.",
        ),
        _rule(
            "model_attack_share",
            values.share,
            _SHARE,
            "share",
            "So many repetitions of an attack must tell more than chance to speak against a model.",
        ),
        Rule(
            name="model_settings",
            words='list of { model = "class", when = ["setting > number", ...] }',
            unit="",
            meaning="Settings with which models were seen to give their members away.",
            validate=settings.validate,
        ),
        _rule("dense_text_bytes", values.whole, _WHOLE, "bytes", "Shorter runs of text are not weighed for density."),
    )
}
