// All kernels of the compiled engine.
#pragma once
#include "elementwise.h"
#include "matrix.h"
#include "movement.h"
#include "reduction.h"
