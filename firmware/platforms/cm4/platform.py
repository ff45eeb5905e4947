"""The machine's arm-none-eabi-gcc where there is one, else PlatformIO's package."""

import shutil

from platformio.public import PlatformBase


class Cm4Platform(PlatformBase):
    def configure_default_packages(self, variables, targets):
        if shutil.which("arm-none-eabi-gcc"):
            self.packages["toolchain-gccarmnoneeabi"]["optional"] = True
        return super().configure_default_packages(variables, targets)
