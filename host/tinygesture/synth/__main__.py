from tinygesture.synth.command import synth

synth(prog_name="python -m tinygesture.synth")
