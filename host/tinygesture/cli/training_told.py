"""What is said of a model when it is made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tinygesture.evaluation.detection import ROUNDS
from tinygesture.evaluation.events import faults
from tinygesture.evaluation.statistics import proportion
from tinygesture.export.manifest import kept_epoch
from tinygesture.training.examples import background_indices

if TYPE_CHECKING:
    from tinygesture.export.bundle import Bundle


def closing(bundle: "Bundle") -> list[str]:
    """`told`, where the model is, and what to do with it now; warnings come last."""
    name, said = bundle.name, told(bundle.manifest, bundle.labels)
    warnings = [line for line in said if line.startswith("WARNING")]
    return [
        *(line for line in said if line not in warnings),
        f"The model is in {bundle.path}.",
        f"Look: tinygesture report {name} --open. Try it: tinygesture flash {name} --board cm4",
        *warnings,
    ]


def told(manifest: Mapping[str, Any], labels: Sequence[str]) -> list[str]:
    """Sentences from a bundle's manifest; those that spoil the joy are among them."""
    said = [_it(manifest, labels), *_epochs(manifest)]
    said += [_recordings(manifest), _streams(manifest["events"])]
    said += _out_of_reach(manifest["trade_off"])
    target = manifest["trade_off"]["target"]
    said += [f"WARNING: {fault}" for fault in faults(manifest["events"], target)]
    if adaptation := manifest.get("adaptation"):
        said.append(_gain(adaptation))
    sizes, data = manifest["sizes"], manifest["data"]
    if not manifest["whole_windows"]:
        said.append(
            f"A hop costs {sizes['macs']:,} multiply-accumulates, since only what is new is "
            f"computed; the whole window would cost {sizes['window_macs']:,}."
        )
    if data["synthetic"]:
        said.append(
            f"{data['synthetic']} of {data['recordings']} recordings are synthetic: the figures "
            "say how the model does on the virtual hand, not on people."
        )
    proven = " and ".join(f"sim://{board}" for board, equal in manifest["golden"].items() if equal)
    if proven:
        said.append(f"{proven} compute exactly what TensorFlow Lite Micro computes.")
    return said


def _it(manifest: Mapping[str, Any], labels: Sequence[str]) -> str:
    sizes = manifest["sizes"]
    return (
        f"{manifest['name']} ({manifest['model_id']}): {manifest['arch']} for {', '.join(labels)}; "
        f"{sizes['tflite_bytes']:,} bytes, and {sizes['tflm_arena_bytes']:,} of RAM in TensorFlow "
        "Lite Micro."
    )


def _epochs(manifest: Mapping[str, Any]) -> Iterator[str]:
    if kept := kept_epoch(manifest):
        wanted, ran = manifest["configuration"]["epochs"], len(manifest["history"]["val_loss"])
        early = f"; the training was stopped after {ran}" if ran < wanted else ""
        yield (
            f"Of {wanted} epochs, epoch {kept} did best on the validation recordings, and its "
            f"weights are kept{early}."
        )


def _recordings(manifest: Mapping[str, Any]) -> str:
    in_int8, in_float = (manifest["metrics"][kind] for kind in ("int8", "float"))
    count = in_int8["recordings"]
    right = round(in_int8["accuracy"] * count)
    within = proportion(right, count)
    said = (
        f"On {count} recordings it had not seen, {in_int8['accuracy']:.1%} right as int8 "
        f"({within.low:.0%} to {within.high:.0%}, 95 %) and {in_float['accuracy']:.1%} in float; "
        f"{manifest['split']['description']}."
    )
    if harmless := _harmless(in_int8):
        said += (
            f" {harmless} of the {count - right} wrong ones got one label that means no gesture in "
            "place of another, and a board reports neither."
        )
    untested = [label for label, of in in_int8["labels"].items() if not of["support"]]
    return f"{said} Not one of them is of {' or '.join(untested)}." if untested else said


def _harmless(figures: Mapping[str, Any]) -> int:
    """How many recordings of a label such as rest were taken for another such label."""
    quiet = background_indices([*figures["labels"]])
    return sum(figures["confusion"][i][j] for i in quiet for j in quiet if i != j)


def _streams(live: Mapping[str, Any]) -> str:
    quiet = live["background"]
    return (
        f"Between stretches of synthetic background, each recording {ROUNDS} times, "
        f"{live['recognised']} of {live['gestures']} gestures were recognised with "
        f"{live['events'] - live['recognised']} surplus events (F1 {live['f1'] or 0:.3f}). False "
        f"events in {quiet['hours']:.1f} h of such background alone: "
        f"{quiet['false']}, at most {quiet['false_per_hour_upper']:.1f} an hour (95 %)."
    )


def _out_of_reach(trade_off: Mapping[str, Any]) -> Iterator[str]:
    target, promised = trade_off["target"], trade_off["promised"]["false_per_hour"]
    if round(promised, 1) > target:
        yield (
            f"At most {target:g} false events per hour would have cost too many gestures: the "
            f"detector was chosen where there are {promised:.1f}, in other background. More "
            "recordings help, and labels for what causes them."
        )


def _gain(adaptation: Mapping[str, Any]) -> str:
    before, after = (
        f"{share['value']:.1%} (95 %: {share['low']:.0%} to {share['high']:.0%})"
        for share in (adaptation["before"], adaptation["after"])
    )
    worse = adaptation["after"]["value"] < adaptation["before"]["value"]
    return (
        f"Adapted from {adaptation['base']} with {adaptation['recordings']} recordings of "
        f"{adaptation['subject']}. On the {adaptation['test']} that it had not seen, the base has "
        f"{before} right, the adapted model {after}."
        + (" So the base is the better one: stay with it, or record more." if worse else "")
    )
