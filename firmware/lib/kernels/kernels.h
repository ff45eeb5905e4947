// All kernels of the compiled engine.
#pragma once
#include "broadcast.h"
#include "depthwise.h"
#include "chained.h"
#include "elementwise.h"
#include "matrix.h"
#include "movement.h"
#include "paired.h"
#include "pooling.h"
#include "reduction.h"
