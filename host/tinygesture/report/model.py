"""The report of a model: how good it is, where it fails, what it costs, where it comes from."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tinygesture.export.bundle import REPORT, Bundle, write_bundle
from tinygesture.report import answers, charts, examples, page, provenance, stream, words
from tinygesture.report.facts import moment


def with_report(bundle: Bundle, models_dir: Path, found: Mapping[str, Any] | None = None) -> Bundle:
    """Write the bundle into models_dir, with its report; `found` is added to its manifest."""
    whole = replace(bundle, manifest={**bundle.manifest, **(found or {})})
    files = {**bundle.files, REPORT: model_report(whole)}
    return write_bundle(models_dir, bundle.name, whole.manifest, files)


def model_report(bundle: Bundle) -> bytes:
    """One HTML file; the same bundle gives the same bytes.

    What the bundle does not hold, because it was exported before that was measured, is left out.
    """
    manifest = bundle.manifest
    tested = answers.read(bundle)
    shown, samples = examples.shown(bundle, tested)
    explanations = examples.explained(bundle, tested)
    drawn = charts.every(manifest)
    return page.render(
        "model.html.j2",
        ("explanation.css", "model.css"),
        ("chart.js", "examples.js", "explanation.js", "model.js"),
        manifest=manifest,
        created=moment(manifest["created"]),
        sections=_sections(manifest, tested, drawn, bool(explanations)),
        headline=words.headline(manifest),
        summary=words.summary(manifest, tested),
        notices=words.notices(manifest, tested),
        figures=words.figures(manifest),
        confusion=answers.confusion(manifest["metrics"]["int8"], bundle.labels),
        by_label=answers.by_label(manifest["metrics"]["int8"], bundle.labels),
        by_person=answers.by_person(tested),
        wrong=answers.wrong(tested),
        shown=shown,
        thinned=sum(one["rows"] == examples.ROWS for one in shown),
        shown_wrong=sum(one["label"] != one["answer"] for one in shown),
        charts=drawn,
        events=manifest.get("events"),
        hourly=words.hourly,
        heard=stream.rows(manifest),
        stream_facts=stream.facts(manifest.get("events")),
        detector=stream.detector(manifest),
        counted=manifest.get("benchmark"),
        costs=provenance.costs(manifest),
        fine_tuning=words.fine_tuning(manifest),
        origin=provenance.origin(manifest),
        settings=provenance.flat(manifest["configuration"]),
        files=provenance.files(manifest, without=REPORT),
        data={
            "labels": list(bundle.labels),
            "hop": bundle.hop,
            "window": bundle.window,
            "charts": drawn,
            "examples": shown,
            "explanations": explanations,
        },
        samples=samples,
    )


def _sections(
    manifest: Mapping[str, Any],
    tested: Mapping[str, Any] | None,
    drawn: Mapping[str, Any],
    explained: bool,
) -> list[tuple[str, str]]:
    """(template in templates/model/, title) of what there is something to say about."""
    return [
        (name, title)
        for name, title, there in (
            ("accuracy", "How often it is right", True),
            ("mistakes", "Where it fails", tested is not None),
            ("stream", "In a stream", bool(manifest.get("events"))),
            ("confidence", "What its confidence means", "confidence" in drawn),
            ("robustness", "When things change", "robustness" in drawn),
            ("decisions", "What it looks at", explained),
            ("training", "Training", True),
            ("cost", "Size and speed", True),
            ("origin", "Where it comes from", True),
        )
        if there
    ]
